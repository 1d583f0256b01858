"""The query language: `web tag:prod -region:nyc3 age>90d`.

`parse(str(query)) == query` holds for every query.
"""

from snaptui.model.query.matching import QueryContext, verdict
from snaptui.model.query.parser import QueryError, parse
from snaptui.model.query.query import Query
from snaptui.model.query.syntax import SYNTAX

__all__ = ["SYNTAX", "Query", "QueryContext", "QueryError", "parse", "verdict"]
