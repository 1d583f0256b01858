"""Patterns with `*`, `?`, `[a-z]` and `{a,b}`, compiled so that none takes long on any name."""

import re
from collections.abc import Callable, Iterator
from typing import Final

MOST_ALTERNATIVES: Final = 64
Test = Callable[[str], object]
"""Tells of a text by the truth of its result whether something fits."""

_PIECE: Final = re.compile(r"(\*+)|(\?)|\[(!?)(\]?[^\]]*)\]")
_SPECIAL: Final = frozenset("*?[]{}")
_LITERAL: Final = re.compile(r"[^*?\[\]{},]+")
_BEGINNING: Final = re.compile(r"\^?([A-Za-z0-9_-]+)(?![*?{])")


class PatternError(ValueError):
    """A pattern that cannot be read: `position` (0-based) says where."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason)
        self.position = position


def is_pattern(word: str) -> bool:
    """Return whether a word has one of the characters that make it a pattern."""
    return not _SPECIAL.isdisjoint(word)


def glob_tests(glob: str) -> Test:
    """Return a test whose result is true when `glob` fits a whole text, ignoring case; raises `PatternError`."""
    parts = [_regex(alternative) for alternative in dict.fromkeys(_expanded(glob))]
    return re.compile("|".join(parts), re.IGNORECASE | re.DOTALL).match


def needle_of(text: str, *, regex: bool) -> str:
    """Return a folded ASCII text that everything matched by the pattern contains; empty where none is easily found."""
    if regex:
        found = None if "|" in text else _BEGINNING.match(text)
        return found.group(1).casefold() if found else ""
    if "{" in text:
        return ""
    literals = _LITERAL.findall(_PIECE.sub("*", text))
    return max(filter(str.isascii, literals), key=len, default="").casefold()


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


def _regex(glob: str) -> str:
    """Return a pattern without braces as a regular expression.

    What stands between two stars is taken where it is found first and never looked for again, which is always right
    and keeps a name of many equal letters from taking for ever.
    """
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
    first, *others = segments
    if not others:
        return rf"(?:{first})\Z"
    *between, last = others
    return first + "".join(f"(?>.*?{segment})" for segment in between if segment) + rf".*{last}\Z"


def _character_class(negated: str, members: str, position: int) -> str:
    escaped = re.sub(r"([\\\[\]^&~|])", r"\\\1", members)
    expression = f"[{'^' if negated else ''}{escaped}]"
    try:
        re.compile(expression)
    except re.error as error:
        raise PatternError(f"[{members}] does not work: {error.msg}", position) from None
    return expression
