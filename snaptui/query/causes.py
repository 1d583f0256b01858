"""Causes of unknown verdicts: the reasons why a term cannot be judged for a snapshot."""

from typing import Final

from msgspec import Struct

from snaptui.query.terms import Measure


class Cause(Struct, frozen=True):
    """A reason in words. `unread` is true for what could not be read, false for what a snapshot itself lacks."""

    text: str
    unread: bool


TAGS_UNREAD: Final = Cause("tags cannot be read (the token needs tag:read)", unread=True)
TAGS_MISSING: Final = Cause("tags not known", unread=False)
SOURCE_MISSING: Final = Cause("source not known", unread=False)
DATE_MISSING: Final = Cause("date not known", unread=False)
PLACE_MISSING: Final = Cause("source or date not known", unread=False)
DATE_DOUBTFUL: Final = Cause("a date in the same source or family not known", unread=False)
SIZE_MISSING: Final = Cause("size not known", unread=False)
DISK_MISSING: Final = Cause("smallest disk not known", unread=False)
GROWTH_MISSING: Final = Cause("size, source or date not known, its own or of others of its source", unread=False)

_OF_MEASURES: Final = {
    Measure.SIZE: SIZE_MISSING,
    Measure.COST: SIZE_MISSING,
    Measure.AGE: DATE_MISSING,
    Measure.CREATED: DATE_MISSING,
    Measure.MIN_DISK: DISK_MISSING,
    Measure.NTH: PLACE_MISSING,
    Measure.FAMILY_NTH: DATE_MISSING,
    Measure.OF: SOURCE_MISSING,
    Measure.GROWTH: GROWTH_MISSING,
}


def lacking_cause(measure: Measure) -> Cause:
    """Return the cause for a snapshot without a value for `measure`: its size, date or smallest disk is not known."""
    return _OF_MEASURES[measure]
