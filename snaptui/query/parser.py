"""Reads a query; what cannot be read is said with its place and what would be right."""

import re
from difflib import get_close_matches
from typing import Final

from snaptui.query.query import Query
from snaptui.query.terms import (
    Field,
    FieldTerm,
    Flag,
    FlagTerm,
    Form,
    Measure,
    MeasureTerm,
    Term,
    TextTerm,
    Value,
)
from snaptui.query.units import PARSERS

LONGEST_REGEX: Final = 200
_HEAD: Final = re.compile(r"([A-Za-z_]+)(:|>=|<=|>|<|=)")
_NESTED_REPEAT: Final = re.compile(r"[*+}]\)[*+{]")
_FIELDS: Final = {str(field): field for field in Field}
_MEASURES: Final = {str(measure): measure for measure in Measure}
_NAMES: Final = (*_FIELDS, *_MEASURES, "is")


class QueryError(ValueError):
    """A query that cannot be read: `reason` says why, `position` (0-based) and `length` where."""

    def __init__(self, reason: str, position: int, length: int = 1) -> None:
        super().__init__(f"column {position + 1}: {reason}")
        self.reason = reason
        self.position = position
        self.length = length


def parse(text: str) -> Query:
    """Return the query that a text means; raises `QueryError`."""
    return _Parser(text).query()


class _Parser:
    """A cursor over the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def query(self) -> Query:
        terms: list[Term] = []
        while True:
            self._at += len(self._rest()) - len(self._rest().lstrip())
            if self._at >= len(self._text):
                return Query(tuple(terms))
            terms.append(self._term())

    def _rest(self) -> str:
        return self._text[self._at :]

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _term(self) -> Term:
        start, negated = self._at, False
        while self._peek() in ("-", "!"):
            negated = not negated
            self._at += 1
        if not self._peek() or self._peek().isspace():
            sign = self._text[start : self._at]
            raise QueryError(f"{sign!r} stands before nothing; put a term after it", start)
        head = _HEAD.match(self._text, self._at)
        if head is None:
            return TextTerm(self._value(stops=""), negated)
        self._at = head.end()
        return self._field_term(head.group(1), head.group(2), head.start(), negated)

    def _field_term(self, name: str, operator: str, start: int, negated: bool) -> Term:
        key = name.lower()
        if measure := _MEASURES.get(key):
            if operator == ":":
                forms = f"{key}> {key}>= {key}< {key}<= or {key}="
                raise QueryError(f"{key} is compared: write {forms}", start, len(name))
            return self._measure_term(measure, operator, negated)
        if key == "is" and operator == ":":
            return FlagTerm(self._flag(), negated)
        field = _FIELDS.get(key)
        if field and operator in (":", "="):
            return FieldTerm(field, self._values(field, exact=operator == "="), negated)
        if field or key == "is":
            raise QueryError(f"{key} holds words: write {key}:", start, len(name))
        near = get_close_matches(key, _NAMES, 1)
        hint = f"did you mean {near[0]}?" if near else f"the fields are {', '.join(_NAMES)}"
        raise QueryError(
            f'unknown field "{name}"; {hint} To look for this very text, put it in quotes', start, len(name)
        )

    def _word(self, stops: str) -> str:
        start = self._at
        while (character := self._peek()) and not character.isspace() and character not in stops:
            self._at += 1
        return self._text[start : self._at]

    def _flag(self) -> Flag:
        start = self._at
        word = self._word("")
        try:
            return Flag(word.lower())
        except ValueError:
            flags = ", ".join(Flag)
            reason = f"is: takes {flags}, not {word!r}" if word else f"is: needs one of {flags}"
            raise QueryError(reason, start, max(1, len(word))) from None

    def _measure_term(self, measure: Measure, operator: str, negated: bool) -> Term:
        start = self._at
        word = self._word("")
        if not word:
            raise QueryError(f"{measure}{operator} needs a value after it", start)
        try:
            return MeasureTerm(measure, operator, PARSERS[measure](word), negated)
        except ValueError as error:
            raise QueryError(str(error), start, len(word)) from None

    def _values(self, of: Field, *, exact: bool) -> tuple[Value, ...]:
        values: list[Value] = []
        while True:
            if not self._peek() or self._peek().isspace() or self._peek() == ",":
                raise QueryError(f"{of}: needs a value here", self._at)
            value = self._value(stops=",")
            values.append(Value(value.text, Form.EXACT) if exact and value.form is Form.WORD else value)
            if self._peek() != ",":
                return tuple(values)
            self._at += 1

    def _value(self, stops: str) -> Value:
        start = self._at
        if self._peek() == "/":
            return self._regex(start)
        exact = self._peek() == "=" and stops != ""
        if exact:
            self._at += 1
        if self._peek() == '"':
            return Value(self._quoted(), Form.EXACT if exact else Form.WORD)
        word = self._word(stops + '"')
        if not word:
            raise QueryError("a value is missing here", self._at)
        if not exact and ("*" in word or "?" in word):
            return Value(word, Form.GLOB)
        return Value(word, Form.EXACT if exact else Form.WORD)

    def _delimited(self, delimiter: str, what: str) -> str:
        start = self._at
        self._at += 1
        taken: list[str] = []
        while (character := self._peek()) != delimiter:
            if not character:
                reason = f"this {what} has no end; close it with {delimiter}"
                raise QueryError(reason, start, self._at - start)
            if character == "\\":
                character = self._escape(delimiter)
            taken.append(character)
            self._at += 1
        self._at += 1
        return "".join(taken)

    def _escape(self, delimiter: str) -> str:
        """Return what a backslash and the character after it mean; in a regular expression both stay."""
        self._at += 1
        escaped = self._peek()
        stands_alone = escaped == delimiter or (escaped == "\\" and delimiter == '"')
        return escaped if stands_alone else f"\\{escaped}"

    def _quoted(self) -> str:
        start = self._at
        text = self._delimited('"', "quoted text")
        if not text:
            raise QueryError("nothing stands between the quotes", start, 2)
        return text

    def _regex(self, start: int) -> Value:
        text = self._delimited("/", "regular expression")
        length = self._at - start
        if not text or len(text) > LONGEST_REGEX:
            raise QueryError(f"a regular expression has 1 to {LONGEST_REGEX} characters", start, length)
        if _NESTED_REPEAT.search(text):
            raise QueryError("a repeat inside a repeat can take for ever; write it without", start, length)
        try:
            re.compile(text, re.IGNORECASE)
        except (re.error, OverflowError, RecursionError) as error:
            raise QueryError(f"this regular expression does not work: {error}", start, length) from None
        return Value(text, Form.REGEX)
