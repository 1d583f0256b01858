"""Name families: a snapshot's name without the stamps that change from one snapshot to the next.

Sources are often made anew (image builders, autoscaling, rebuilds): then it is the name that tells what belongs
together. Stamps are dates and times, Unix stamps (seconds to nanoseconds), UUIDs and long hexadecimal numbers. A
number that may be a machine's is none: taking two machines for one would let a policy delete the last copy of one.
"""

import re
from functools import cache
from typing import Final

STAMP_ONLY: Final = "*"
"""The family of names in which nothing but stamps stands."""

_YEAR: Final = r"(?:19[7-9]|20[0-4])[0-9]"
_MONTH: Final = r"(?:0[1-9]|1[0-2])"
_DAY: Final = r"(?:0[1-9]|[12][0-9]|3[01])"
_SHORT: Final = r"(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH_NAME: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY: Final = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}[ ,_.-]{1,2}"
_ZONE: Final = r"(?:\ ?(?:z|utc|gmt|[a-z]{1,3}st|[a-z]{1,3}dt)(?![a-z0-9])|\ ?[+-][0-9]{2}:?[0-9]{2}(?![0-9]))"
_CLOCK: Final = r"(?:[01][0-9]|2[0-3])(?:[:._h-]?[0-5][0-9]){1,2}(?![0-9])(?:[.,][0-9]{1,9})?m?(?:\ ?[ap]m)?"
_TIME: Final = rf"(?:(?:t|[ _.@-]{{1,3}}(?:at[ _-])?)?{_CLOCK}{_ZONE}?|t[0-2][0-9](?![0-9a-z])z?)"

# What begins alike is told apart behind that: each beginning is tried once.
_DATES: Final = (
    # 2024-01-31, 2024_1_5, 20240131, 2024-W05-3, 2024-01, 2024 January 31
    rf"{_YEAR}(?:(?P<iso>[-_./ ])(?:0?[1-9]|1[0-2])(?P=iso){_SHORT}(?![0-9])"
    rf"|{_MONTH}{_DAY}(?=(?:[0-9]{{4}}|[0-9]{{6}})?(?![0-9]))"
    r"|-?w[0-5][0-9](?:-?[1-7])?(?![0-9])"
    rf"|[-_.]{_MONTH}(?![0-9])"
    rf"|[ ._-]?{_MONTH_NAME}(?:[ ._-]?{_SHORT}(?![0-9]))?(?![a-z]))",
    # 31.01.2024, 1/31/2024, 31-Jan-2024: but 12-01-2024-01-31 begins with numbers of something else
    rf"{_SHORT}(?:(?P<day>[-_./ ]){_SHORT}(?P=day){_YEAR}(?![-_./ ]?[0-9]{{1,2}}(?P=day)[0-9]|[0-9])"
    rf"|(?:st|nd|rd|th)?[ ._-]?{_MONTH_NAME}[ ,._-]{{0,2}}{_YEAR}(?![0-9]))",
    # 31012024
    rf"(?:{_DAY}{_MONTH}|{_MONTH}{_DAY}){_YEAR}(?![0-9])",
    # Jan 31st, 2024, Jan 2024, and what `date` prints: Jan 31 12:00:05 UTC 2024
    rf"(?<![a-z]){_MONTH_NAME}(?:[ ._-]{{0,2}}{_SHORT}(?:st|nd|rd|th)?[ ,._-]{{1,2}}{_YEAR}(?![0-9])"
    rf"|[ ,._-]{{0,2}}{_YEAR}(?![0-9])"
    rf"|[ _-]{{1,2}}{_SHORT}[ _-]{_CLOCK}(?:[ _-][a-z]{{1,5}}|[ _-][+-][0-9]{{2,4}})?[ _-]{_YEAR}(?![0-9]))",
)
_UNIX: Final = r"[12][0-9]{9}(?:[0-9]{3}){0,3}"
_WORD_AND_DATE: Final = rf"[a-f]+(?:{_YEAR}{_MONTH}{_DAY}(?:[0-9]{{4}})?(?:[0-9]{{2}})?|{_UNIX})(?![0-9a-z])"
_STAMP: Final = "|".join(
    (
        r"(?<![0-9a-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z])",
        # Eight or more hexadecimal digits, but neither "facade" nor "cafe1000" nor "db20240131" (a word and a date).
        rf"(?<![0-9a-z])(?!{_WORD_AND_DATE})(?![0-9]+(?![0-9a-z]))"
        r"(?:(?=[a-f]*[0-9]+[a-f])[0-9a-f]{8,11}|[0-9a-f]{12,})(?![0-9a-z])",
        rf"(?<![0-9])(?:(?<![a-z]){_WEEKDAY})?(?:{'|'.join(_DATES)}){_TIME}?(?![0-9a-z])",
        rf"(?<![0-9]){_UNIX}(?![0-9])",
        r"(?<![0-9a-z])[0-9]{12,}(?![0-9a-z])",
        rf"(?<![0-9])(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{{1,9}})?)?(?![0-9]){_ZONE}?",
    )
)
_BETWEEN: Final = r" ._:,;@#+~/-"
_MAY_HAVE: Final = re.compile(r"[0-9]{4}|[0-9]:[0-9]|[0-9a-fA-F]{8}|[0-9][-_./ ][0-9]")


# Asked first, as this is cheap: no stamp begins in the middle of a number or word, nor with any word.
_FIRST_LETTERS: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)"
_MAY_BEGIN: Final = rf"(?<![0-9])(?:(?=[0-9])|(?<![a-z])(?=[0-9a-f]{{8}}|{_FIRST_LETTERS}[^0-9]*[0-9]))"
_SMALL: Final = {capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}


@cache
def _stamps() -> re.Pattern[str]:
    """Return the expression for stamps, in small letters, and what sets them off; compiled on first use: 20 ms.

    Small letters, as ignoring case takes a third longer.
    """
    stamp = rf"[{_BETWEEN}]*[(\[{{]?{_MAY_BEGIN}(?:{_STAMP})[)\]}}]?"
    return re.compile(rf"(?<![{_BETWEEN}])(?:{stamp})+", re.ASCII)


def family_of(name: str) -> str:
    """Return a name without its stamps and what set them off; `STAMP_ONLY` where nothing else is left."""
    if _MAY_HAVE.search(name) is None:
        return name
    small = name.lower() if name.isascii() else name.translate(_SMALL)
    if small == name:
        left, stamps = _stamps().subn("", name)
        return (left.strip(_BETWEEN) or STAMP_ONLY) if stamps else name
    found = [match.span() for match in _stamps().finditer(small)]
    if not found:
        return name
    ends = [0, *(stop for _, stop in found)]
    starts = [*(start for start, _ in found), len(name)]
    left = "".join(name[end:start] for end, start in zip(ends, starts, strict=True))
    return left.strip(_BETWEEN) or STAMP_ONLY
