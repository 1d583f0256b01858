"""Lenient JSON reader: reads documents with single broken values, so that one bad row costs that row only."""

import json
from typing import Final

MOST_DIGITS: Final = 400
_TOO_LARGE: Final = 10**MOST_DIGITS


def lenient_json(body: bytes) -> object:
    """Return the value of a JSON text that may hold broken texts and numbers; raises `ValueError` for other faults.

    A byte that is no UTF-8 and half a surrogate pair become a lone surrogate in the text (see `is_sound`). A number
    that no float holds is infinite, and one of thousands of digits is cut to `10**400`.
    """
    try:
        value: object = json.loads(body.decode("utf-8", "surrogateescape"), parse_int=_integer)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return value


def is_sound(text: str) -> bool:
    """Return whether a text can be written as UTF-8."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def mended(text: str) -> str:
    """Return a text in which replacement characters stand for what cannot be written as UTF-8."""
    if is_sound(text):
        return text
    return "".join("\N{REPLACEMENT CHARACTER}" if "\ud800" <= letter <= "\udfff" else letter for letter in text)


def _integer(digits: str) -> int:
    # Python reads no number of more than 4,300 digits.
    if len(digits) <= MOST_DIGITS:
        return int(digits)
    return -_TOO_LARGE if digits.startswith("-") else _TOO_LARGE
