"""What a query is made of. Every term prints as text that parses to the same term."""

import re
from collections.abc import Callable
from enum import StrEnum
from functools import cached_property
from typing import Final

from msgspec import Struct

from snaptui.query.units import Amount

_PLAIN: Final = re.compile(r"[^\s\"\\/,*?=:<>!-][^\s\"\\,*?:<>=/]*\Z")
"""Words that mean themselves wherever a value may stand; all others are printed in quotes."""

_BEGINNING: Final = re.compile(r"\^?([A-Za-z0-9_-]+)(?![*?{])")


class Field(StrEnum):
    """The fields that hold words."""

    NAME = "name"
    ID = "id"
    TYPE = "type"
    REGION = "region"
    TAG = "tag"
    SOURCE = "source"


class Measure(StrEnum):
    """The fields that hold numbers or moments."""

    SIZE = "size"
    AGE = "age"
    CREATED = "created"
    COST = "cost"
    MIN_DISK = "min_disk"


class Flag(StrEnum):
    """What `is:` can ask for."""

    MARKED = "marked"
    LATEST = "latest"
    ORPHAN = "orphan"
    DAMAGED = "damaged"


class Form(StrEnum):
    """How a value is compared: a part of the text, all of it, a glob, a regular expression."""

    WORD = "word"
    EXACT = "exact"
    GLOB = "glob"
    REGEX = "regex"


class Value(Struct, frozen=True, dict=True):
    """A text to look for, and how."""

    text: str
    form: Form = Form.WORD

    def __str__(self) -> str:
        if self.form is Form.REGEX:
            return "/" + self.text.replace("/", r"\/") + "/"
        if self.form is Form.GLOB:
            return self.text
        return ("=" if self.form is Form.EXACT else "") + quoted(self.text)

    @cached_property
    def finds(self) -> Callable[[str], object]:
        """What tells for a text whether the pattern fits, by the truth of its result."""
        if self.form is Form.GLOB or (self.text.startswith("^") and "|" not in self.text):
            return self.pattern.match  # which does not try again at every letter
        return self.pattern.search

    @cached_property
    def beginning(self) -> str:
        """The plain letters that whatever a regular expression finds begins with; in any case."""
        found = None if "|" in self.text else _BEGINNING.match(self.text)
        return found.group(1) if found else ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled form, for globs (over the whole text) and regular expressions (anywhere in it)."""
        if self.form is Form.REGEX:
            return re.compile(self.text, re.IGNORECASE)
        parts = {"*": ".*", "?": "."}
        glob = "".join(parts.get(character, re.escape(character)) for character in self.text)
        return re.compile(glob + r"\Z", re.IGNORECASE | re.DOTALL)


def quoted(text: str) -> str:
    """Return the text bare where that means the same, else in double quotes."""
    if _PLAIN.match(text):
        return text
    return '"' + text.replace("\\", r"\\").replace('"', r"\"") + '"'


class TextTerm(Struct, frozen=True, dict=True):
    """A bare word or `/regex/`: found in name, id, regions or tags."""

    value: Value
    negated: bool = False

    def __str__(self) -> str:
        return f"{'-' if self.negated else ''}{self.value}"


class FieldTerm(Struct, frozen=True, dict=True):
    """`field:value,value`: one of the values is enough."""

    field: Field
    values: tuple[Value, ...]
    negated: bool = False

    def __str__(self) -> str:
        return f"{'-' if self.negated else ''}{self.field}:{','.join(map(str, self.values))}"


class MeasureTerm(Struct, frozen=True, dict=True):
    """`size>20GB`: a comparison with an amount."""

    measure: Measure
    operator: str
    amount: Amount
    negated: bool = False

    def __str__(self) -> str:
        return f"{'-' if self.negated else ''}{self.measure}{self.operator}{self.amount}"


class FlagTerm(Struct, frozen=True, dict=True):
    """`is:marked`: something that is so or not."""

    flag: Flag
    negated: bool = False

    def __str__(self) -> str:
        return f"{'-' if self.negated else ''}is:{self.flag}"


Term = TextTerm | FieldTerm | MeasureTerm | FlagTerm
