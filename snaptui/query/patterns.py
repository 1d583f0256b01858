"""Patterns with `*`, `?`, `[a-z]` and `{a,b}`, compiled so that none takes long on any name."""

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

MOST_ALTERNATIVES: Final = 64
_MOST_NEEDLES: Final = 4
"""Looking for each of more texts costs more than asking every row."""

_SEARCHED: Final = 3
"""Most texts around stars: before, between and after two. With more, each letter could begin another search."""

Test = Callable[[str], object]
"""Tells of a text by the truth of its result whether something fits."""

_PIECE: Final = re.compile(r"(\*+)|(\?)|\[(!?)(\]?[^\]]*)\]")
_SPECIAL: Final = frozenset("*?[]{}")
_LITERAL: Final = re.compile(r"[^*?\[\]{},]+")
_BEGINNING: Final = re.compile(r"\^?([A-Za-z0-9_-]+)(?![*?{])")
_CASELESS: Final = re.compile(r"[a-z0-9_ .^$|()*+?-]+")
_ANYTHING_FIRST: Final = re.compile(r"\A(?:\.\*)+(?![?+*])")
"""Parts that a search need not begin with."""


class PatternError(ValueError):
    """A pattern that cannot be read: `position` (0-based) says where."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason)
        self.position = position


def is_pattern(word: str) -> bool:
    """Return whether a word has one of the characters that make it a pattern."""
    return not _SPECIAL.isdisjoint(word)


def glob_test(glob: str) -> Test:
    """Return a test whose result is true when `glob` fits a whole text, ignoring case; raises `PatternError`."""
    return _glob_test(glob, re.IGNORECASE)


def folded_glob_test(glob: str) -> Test:
    """Return `glob_test` for folded ASCII texts only, which may be faster."""
    return _glob_test(glob.lower(), 0) if glob.isascii() and "[" not in glob else glob_test(glob)


def _glob_test(glob: str, case: int) -> Test:
    alternatives = [_segments(alternative) for alternative in dict.fromkeys(_expanded(glob))]
    flags = case | re.DOTALL
    if all(len(segments) <= _SEARCHED and not segments[0] for segments in alternatives):
        return re.compile("|".join(map(_inside, alternatives)), flags).search
    return re.compile("|".join(map(_regex, alternatives)), flags).match


def regex_test(regex: str) -> Test:
    """Return a test whose result is true when a regular expression fits a part of a text, ignoring case."""
    pattern = re.compile(regex, re.IGNORECASE)
    return pattern.match if _begins(regex) else pattern.search  # match does not try again at every letter


def folded_regex_test(regex: str) -> Test:
    """Return `regex_test` for folded ASCII texts of one line only, which is twice as fast where case plays no part."""
    if not _CASELESS.fullmatch(regex):
        return regex_test(regex)
    pattern = re.compile(regex if "|" in regex else _ANYTHING_FIRST.sub("", regex))
    return pattern.match if _begins(regex) else pattern.search


def _begins(regex: str) -> bool:
    return regex.startswith("^") and "|" not in regex


class Needle(NamedTuple):
    """A folded ASCII text that is in every text which a pattern fits; `first` where these begin with it."""

    text: str
    first: bool


def needles_of(text: str, *, regex: bool) -> tuple[Needle, ...]:
    """Return needles of which everything matched by the pattern has one; none where they are many."""
    if regex:
        found = None if "|" in text else _BEGINNING.match(text)
        return (Needle(found.group(1).casefold(), text.startswith("^")),) if found else ()
    needles = set(map(_longest_literal, _expanded(text)))
    return tuple(needles) if all(needle.text for needle in needles) and len(needles) <= _MOST_NEEDLES else ()


def _longest_literal(glob: str) -> Needle:
    literals = _LITERAL.findall(_PIECE.sub("*", glob))
    longest = max(filter(str.isascii, literals), key=len, default="")
    return Needle(longest.casefold(), glob.startswith(longest))


def _expanded(glob: str) -> list[str]:
    """Return the patterns that `{a,b}` expands to, each without braces."""
    done: list[str] = []
    waiting = [glob]
    while waiting:
        text = waiting.pop()
        braces = _innermost(text)
        if braces is None:
            done.append(text)
            continue
        start, stop = braces
        waiting += [text[:start] + choice + text[stop:] for choice in _choices(text[start + 1 : stop - 1])]
        if len(done) + len(waiting) > MOST_ALTERNATIVES:
            raise PatternError(f"a pattern may stand for at most {MOST_ALTERNATIVES} others", 0)
    return done


def _innermost(text: str) -> tuple[int, int] | None:
    """Return the positions of the first `{` and `}` with no other braces between them."""
    start = None
    for at, character in _outside_brackets(text):
        if character == "{":
            start = at
        elif character == "}":
            if start is None:
                raise PatternError("this } closes nothing; put the text in quotes", at)
            return start, at + 1
    if start is not None:
        raise PatternError("this { has no end; close it with }", start)
    return None


def _choices(text: str) -> list[str]:
    commas = [at for at, character in _outside_brackets(text) if character == ","]
    starts, stops = [0, *(at + 1 for at in commas)], [*commas, len(text)]
    return [text[start:stop] for start, stop in zip(starts, stops, strict=True)]


def _outside_brackets(text: str) -> Iterator[tuple[int, str]]:
    """Yield the characters outside `[…]`, each with its position."""
    at = 0
    while at < len(text):
        if text[at] == "[":
            found = _PIECE.match(text, at)
            if found is None or not found.group(4):
                raise PatternError("this [ has no end; close it with ]", at)
            at = found.end()
            continue
        if text[at] == "]":
            raise PatternError("this ] closes nothing; put the text in quotes", at)
        yield at, text[at]
        at += 1


def _segments(glob: str) -> list[str]:
    """Return as regular expressions what stands between the stars of a pattern without braces."""
    segments = [""]
    at = 0
    for found in _PIECE.finditer(glob):
        segments[-1] += re.escape(glob[at : found.start()])
        at = found.end()
        if found.group(1):
            segments.append("")
        else:
            segments[-1] += "." if found.group(2) else _character_class(found.group(3), found.group(4), found.start())
    segments[-1] += re.escape(glob[at:])
    return segments


def _regex(segments: list[str]) -> str:
    """Return a regular expression that matches a whole text, given what stands between the stars.

    What stands between two stars is taken where it is found first and never looked for again, which is always right
    and keeps a name of many equal letters from taking for ever.
    """
    first, *others = segments
    if not others:
        return rf"(?:{first})\Z"
    *between, last = others
    end = rf".*{last}\Z" if last else ""
    return first + "".join(f"(?>.*?{segment})" for segment in between if segment) + end


def _inside(segments: list[str]) -> str:
    """Return a regular expression to search for, for a pattern that begins with a star and has at most one other."""
    _, *between, last = segments
    return ".*".join([*between, rf"{last}\Z"] if last else between)


def _character_class(negated: str, members: str, position: int) -> str:
    escaped = re.sub(r"([\\\[\]^&~|])", r"\\\1", members)
    expression = f"[{'^' if negated else ''}{escaped}]"
    try:
        re.compile(expression)
    except re.error as error:
        raise PatternError(f"[{members}] does not work: {error.msg}", position) from None
    return expression
