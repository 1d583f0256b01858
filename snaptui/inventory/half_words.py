"""Half-typed words at the end of a query: the beginning of a field's name, or of a value that snapshots have."""

from collections.abc import Collection, Iterable
from typing import Final

from snaptui.inventory.orders import SortKey
from snaptui.inventory.snapshots import Snapshots
from snaptui.inventory.view import View
from snaptui.query import QueryError
from snaptui.query.errors import short
from snaptui.query.terms import KEYWORDS, Field, FieldTerm, Form, Measure, TextTerm, Value

_NAMES: Final = ("is:", *(f"{field}:" for field in Field), *(f"{measure}>" for measure in Measure), *sorted(KEYWORDS))
_SORTED: Final = {Field.REGION: SortKey.REGIONS, Field.TAG: SortKey.TAGS}


def half_word(text: str, view: View) -> QueryError | None:
    """Return an error for a query's text that ends in half a word, with how it could go on; `None` for a whole query.

    A bare word is half of a field's name when nothing matches with it; a whole region, tag or family that no snapshot
    has is half of one that begins with it. Until there is a whole word the query does not say what is wanted.
    """
    match view.query.terms[-1:]:
        case (TextTerm(Value(word, Form.WORD)),) if text.endswith(word):
            begun = next((name for name in _NAMES if name.startswith(word.casefold())), None)
            found = view.selection.possible and view.snapshots.indexes.having(word.casefold())
            goes_on = None if found else begun
        case (FieldTerm(field, (*_, Value(word, Form.WORD))),) if text.endswith(word):
            goes_on = _longer(word.casefold(), _there(field, view.snapshots))
        case _:
            return None
    if goes_on is None:
        return None
    return QueryError(f"go on, as in {goes_on}; nothing matches {short(word)}", len(text) - len(word), len(word))


def _longer(word: str, there: Collection[str]) -> str | None:
    """Return a text that begins with a folded word, unless there is one that is just this."""
    folded = {text.casefold(): text for text in there}
    return None if word in folded else min((text for text in folded if text.startswith(word)), default=None)


def _there(field: Field, snapshots: Snapshots) -> Collection[str]:
    """Return the whole words that snapshots have in a field; none for fields of which a part is enough."""
    if field in _SORTED:
        groups: Iterable[tuple[str, ...] | None] = snapshots.indexes.groups(_SORTED[field]).words
        return {word for words in groups for word in words or ()}
    return set(snapshots.places.families) if field is Field.FAMILY else ()
