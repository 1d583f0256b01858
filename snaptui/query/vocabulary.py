"""Closed sets: the values that `type:` and `state:` can have."""

from collections.abc import Collection
from typing import Final

from msgspec import Struct

from snaptui.model.snapshot import DROPLET, VOLUME
from snaptui.model.sources import SourceState
from snaptui.query.errors import UnknownValueError, nearest, short
from snaptui.query.terms import UNKNOWN, Field, Form, Value

DOCUMENTED_TYPES: Final = (DROPLET, VOLUME)


class Vocabulary(Struct, frozen=True):
    """The resource types of a list; `None` before there is one: then only bare words can be judged.

    With `any_type` every type will do, until there is a list.
    """

    types: Collection[str] | None = None
    any_type: bool = False

    def values_of(self, field: Field) -> tuple[str, ...] | None:
        """Return all values that a field can have; `None` for fields that can have any."""
        if field is Field.STATE:
            return tuple(SourceState)
        if field is Field.TYPE:
            return tuple(dict.fromkeys((*DOCUMENTED_TYPES, *sorted(self.types or ()), UNKNOWN)))
        return None

    def _can_tell(self, value: Value) -> bool:
        return self.types is not None or (value.form is Form.WORD and not self.any_type)

    def check(self, field: Field, value: Value, position: int, length: int) -> None:
        """Raise `UnknownValueError` for a value that is not one of a closed set."""
        known = self.values_of(field)
        if known is None or (field is Field.TYPE and not self._can_tell(value)):
            return
        fits = value.finds if value.is_pattern else lambda text: text.casefold() == value.folded
        if any(fits(text) for text in known):
            return
        said = ", ".join(text for text in known if text != UNKNOWN or field is Field.STATE)
        near = None if value.is_pattern else nearest(value.text, known)
        hint = f"did you mean {near}?" if near else f"{field}: takes {said};"
        raise UnknownValueError(f"{hint} {short(value.text)} is no {field}", position, length, f"{field}: takes {said}")


DOCUMENTED: Final = Vocabulary()
"""Vocabulary before there is a list: only bare words can be judged."""
