"""The model as text: names made inert, sizes, money, ages. Pure, and shared with the command line."""

import unicodedata
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

ELLIPSIS: Final = "…"
REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
MOST_COMBINING: Final = 3
_CONTROL_PICTURES: Final = 0x2400
_DELETE_PICTURE: Final = "\N{SYMBOL FOR DELETE}"
_UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_AGES: Final = (
    (365 * 86_400, "year"),
    (30 * 86_400, "month"),
    (86_400, "day"),
    (3_600, "hour"),
    (60, "minute"),
)


@lru_cache(maxsize=8192)
def visible(text: str) -> str:
    """Return the text with every character that could act on a terminal shown as a sign instead.

    Control characters become their pictures (`␛`), invisible and bidirectional ones `�`, and of the marks
    that pile up on one letter three are kept.
    """
    if text.isascii() and text.isprintable():
        return text
    shown: list[str] = []
    combining = 0
    for character in text:
        if unicodedata.category(character) in ("Mn", "Me"):
            combining += 1
            if combining <= MOST_COMBINING and shown:
                shown.append(character)
            continue
        combining = 0
        shown.append(_visible_character(character))
    return "".join(shown)


def _visible_character(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(_CONTROL_PICTURES + code)
    if code == 0x7F:
        return _DELETE_PICTURE
    if unicodedata.category(character) in _UNSAFE:
        return REPLACEMENT
    return " " if character.isspace() else character


@lru_cache(maxsize=8192)
def cell_width(text: str) -> int:
    """Return how many cells a visible text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(map(_character_width, text))


@lru_cache(maxsize=4096)
def _character_width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Fill a text with spaces up to `width` cells; `right` puts them in front."""
    spaces = " " * (width - cell_width(text))
    return spaces + text if right else text + spaces


def shorten_middle(text: str, width: int) -> str:
    """Return at most `width` cells of a text, with `…` in place of its middle: ends tell names apart."""
    if cell_width(text) <= width:
        return text
    if width <= 1:
        return ELLIPSIS[:width]
    tail_width = (width - 1) // 2
    head = _cut(text, width - 1 - tail_width)
    tail = _cut(text[::-1], tail_width)[::-1]
    return f"{head}{ELLIPSIS}{tail}"


def _cut(text: str, width: int) -> str:
    cells = 0
    for position, character in enumerate(text):
        cells += _character_width(character)
        if cells > width:
            return text[:position]
    return text


def age(seconds: float) -> str:
    """Return an age as its largest unit, `6 years`."""
    if seconds < -60:
        return "future"
    for length, unit in _AGES:
        if seconds >= length:
            number = int(seconds // length)
            return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
    return "just now"


def gigabytes(size: float) -> str:
    """Return the size of one snapshot, always in GB with two decimals so that sizes align."""
    return f"{size:,.2f} GB"


def total_gigabytes(size: float) -> str:
    """Return a sum of sizes in the unit that reads best: `212 GB`, `3.1 TB`."""
    if size >= 1000:
        return f"{size / 1000:,.1f} TB"
    return f"{size:,.0f} GB" if size >= 100 else f"{size:,.2f} GB"


def usd(amount: float) -> str:
    """Return US dollars with cents and no sign."""
    return f"{amount:,.2f}"


def usd_per_month(amount: float) -> str:
    """Return a monthly cost, `$187.44/mo`."""
    return f"${usd(amount)}/mo"


def count(number: int, noun: str) -> str:
    """Return a number with its noun in the right form, `1,204 snapshots`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def moment(created: float) -> str:
    """Return a moment in local time with its offset, and in UTC."""
    try:
        utc = datetime.fromtimestamp(created, UTC)
        local = utc.astimezone()
    except (OverflowError, ValueError, OSError):
        return f"{created:.0f} seconds since 1970"
    offset = local.strftime("%z")
    if offset in ("+0000", ""):
        return f"{utc:%Y-%m-%d %H:%M:%S} UTC"
    same_day = "%H:%M" if local.date() == utc.date() else "%Y-%m-%d %H:%M"
    return f"{local:%Y-%m-%d %H:%M:%S} {offset[:3]}:{offset[3:]} ({utc.strftime(same_day)} UTC)"
