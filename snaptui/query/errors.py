"""Errors of queries: the reason, with the help in front, and its place in the text."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

_LONGEST_WORD: Final = 24


class QueryError(ValueError):
    """A query that cannot be read: `reason` says why, `position` (0-based) and `length` where.

    `more` lists what would be right, for places with room for several lines.
    """

    def __init__(self, reason: str, position: int, length: int = 1, more: str = "") -> None:
        super().__init__(f"column {position + 1}: {reason}")
        self.reason = reason
        self.position = position
        self.length = length
        self.more = more


class UnknownValueError(QueryError):
    """A value outside a field's closed set, such as a `type:` that no snapshot of the list has."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that begins with or resembles `word`; `None` when none does. For "did you mean"."""
    folded = {text.casefold(): text for text in known}
    wanted = word.casefold()
    begins = sorted(text for text in folded if wanted and text.startswith(wanted))
    near = begins or get_close_matches(wanted, folded, 1)
    return folded[near[0]] if near else None


def short(word: str) -> str:
    """Return a word of the query in quotes, for an error; the middle of a long one is left out."""
    if len(word) > _LONGEST_WORD:
        half = (_LONGEST_WORD - 1) // 2
        word = f"{word[:half]}…{word[-half:]}"
    return f'"{word}"'
