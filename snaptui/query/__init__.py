"""The query language: `web tag:prod -region:nyc3 (age>90d or size>20GB)`.

`parse(str(query)) == query` holds for every query.
"""

from snaptui.query.context import Place, Places, QueryContext
from snaptui.query.errors import QueryError, UnknownValueError
from snaptui.query.matching import verdict
from snaptui.query.parser import parse
from snaptui.query.query import Query
from snaptui.query.syntax import SYNTAX
from snaptui.query.vocabulary import Vocabulary

__all__ = [
    "SYNTAX",
    "Place",
    "Places",
    "Query",
    "QueryContext",
    "QueryError",
    "UnknownValueError",
    "Vocabulary",
    "parse",
    "verdict",
]
