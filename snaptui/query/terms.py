"""Terms of a query, one condition each. Every term prints as text that parses to the same term."""

import re
from enum import StrEnum
from functools import cached_property
from typing import Final

from msgspec import Struct

from snaptui.query.patterns import Needle, Test, folded_glob_test, folded_regex_test, glob_test, needles_of, regex_test
from snaptui.query.units import Amount

_PLAIN: Final = re.compile(r"[^\s\"\\/,*?=:<>!&|(){}\[\]-][^\s\"\\,*?:<>=/&|(){}\[\]]*\Z")
"""Words that mean themselves wherever a value may stand; all others are printed in quotes."""

_CASE_MATTERS: Final = re.compile(r"\(\?[a-zA-Z]*-")

KEYWORDS: Final = frozenset({"and", "or", "not"})
NONE: Final = "none"
UNKNOWN: Final = "unknown"


class Field(StrEnum):
    """The fields that hold words."""

    NAME = "name"
    ID = "id"
    TYPE = "type"
    REGION = "region"
    TAG = "tag"
    SOURCE = "source"
    STATE = "state"
    FAMILY = "family"
    MONTH = "month"


class Measure(StrEnum):
    """The fields that hold numbers or moments.

    `nth` is the place among the snapshots of a source, newest first, `of` how many these are, `growth` the size against
    the median of the older ones of the source, 1 where fewer than three are older.
    """

    SIZE = "size"
    AGE = "age"
    CREATED = "created"
    COST = "cost"
    MIN_DISK = "min_disk"
    NTH = "nth"
    FAMILY_NTH = "family-nth"
    OF = "of"
    GROWTH = "growth"


class Flag(StrEnum):
    """The words that may stand after `is:`."""

    MARKED = "marked"
    LATEST = "latest"
    ONLY = "only"
    FAMILY_LATEST = "family-latest"
    FAMILY_ONLY = "family-only"
    SAME_DAY = "same-day"
    ORPHAN = "orphan"
    UNTAGGED = "untagged"
    DAMAGED = "damaged"


class Form(StrEnum):
    """Ways to compare a value: with a part of the text, with all of it, as a pattern, as a regular expression."""

    WORD = "word"
    EXACT = "exact"
    GLOB = "glob"
    REGEX = "regex"


class Value(Struct, frozen=True, dict=True):
    """A text to look for, and the way it is compared."""

    text: str
    form: Form = Form.WORD

    def __str__(self) -> str:
        if self.form is Form.REGEX:
            return "/" + self.text.replace("/", r"\/") + "/"
        if self.form is Form.GLOB:
            return self.text
        return ("=" if self.form is Form.EXACT else "") + quoted(self.text)

    @property
    def is_pattern(self) -> bool:
        """True for patterns and regular expressions."""
        return self.form in (Form.GLOB, Form.REGEX)

    @cached_property
    def folded(self) -> str:
        """The text folded, for comparing without regard to case."""
        return self.text.casefold()

    @cached_property
    def finds(self) -> Test:
        """A test whose result is true when this pattern or regular expression fits a text."""
        if self.form is Form.GLOB:
            return glob_test(self.text)
        return regex_test(self.text)

    @cached_property
    def finds_folded(self) -> Test:
        """A test of folded ASCII texts with the same results as that of the texts they were made of."""
        if self.form is Form.WORD:
            return lambda text: self.folded in text
        if self.form is Form.EXACT:
            return self.folded.__eq__
        return folded_glob_test(self.text) if self.form is Form.GLOB else folded_regex_test(self.text)

    @property
    def ignores_case(self) -> bool:
        """False for a regular expression that tells capital letters from others in a part of it."""
        return self.form is not Form.REGEX or not _CASE_MATTERS.search(self.text)

    @cached_property
    def needles(self) -> tuple[Needle, ...]:
        """Needles: every folded ASCII text that this value fits has one of them; none where there are many."""
        if self.is_pattern:
            return needles_of(self.text, regex=self.form is Form.REGEX)
        return (Needle(self.folded, self.form is Form.EXACT),)


def quoted(text: str) -> str:
    """Return the text as a query spells it: bare where that parses to the same, else in double quotes."""
    if _PLAIN.match(text) and text.lower() not in KEYWORDS:
        return text
    return '"' + text.replace("\\", r"\\").replace('"', r"\"") + '"'


class TextTerm(Struct, frozen=True, dict=True):
    """A bare word: in name, id, regions or tags. A pattern: the whole name or id. A `/regex/`: in the name."""

    value: Value

    def __str__(self) -> str:
        return str(self.value)


class FieldTerm(Struct, frozen=True, dict=True):
    """`field:value,value`: one of the values is enough."""

    field: Field
    values: tuple[Value, ...]

    def __str__(self) -> str:
        return f"{self.field}:{','.join(map(str, self.values))}"


class MeasureTerm(Struct, frozen=True, dict=True):
    """`size>20GB`: a comparison with an amount."""

    measure: Measure
    operator: str
    amount: Amount

    def __str__(self) -> str:
        return f"{self.measure}{self.operator}{self.amount}"


class UnknownTerm(Struct, frozen=True, dict=True):
    """`age:unknown`: snapshots without a value for a measure."""

    measure: Measure

    def __str__(self) -> str:
        return f"{self.measure}:{UNKNOWN}"


class FlagTerm(Struct, frozen=True, dict=True):
    """`is:marked`: one of the flags."""

    flag: Flag

    def __str__(self) -> str:
        return f"is:{self.flag}"


Term = TextTerm | FieldTerm | MeasureTerm | UnknownTerm | FlagTerm
