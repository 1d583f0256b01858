"""The query language: `web tag:prod -region:nyc3 age>90d`.

`parse(str(query)) == query` holds for every query.
"""

from snaptui.query.matching import QueryContext, verdict
from snaptui.query.parser import QueryError, parse
from snaptui.query.query import Query
from snaptui.query.syntax import SYNTAX

__all__ = ["SYNTAX", "Query", "QueryContext", "QueryError", "parse", "verdict"]
