"""Query parser: terms, `and`, `or`, `not`, parentheses; `not` binds tighter than `and`, `and` tighter than `or`."""

import re
from typing import Final

from snaptui.query.errors import QueryError, nearest, short
from snaptui.query.query import Query
from snaptui.query.reader import Reader
from snaptui.query.terms import (
    UNKNOWN,
    Field,
    FieldTerm,
    Flag,
    FlagTerm,
    Form,
    Measure,
    MeasureTerm,
    Term,
    TextTerm,
    UnknownTerm,
    Value,
)
from snaptui.query.tree import And, Expression, Not, Or
from snaptui.query.units import PARSERS, UNITS, parse_month
from snaptui.query.vocabulary import DOCUMENTED, Vocabulary

LONGEST_QUERY: Final = 4_096
DEEPEST: Final = 40
_FIELDS: Final = {str(field): field for field in Field}
_MEASURES: Final = {str(measure): measure for measure in Measure}
_NAMES: Final = (*_FIELDS, *_MEASURES, "is")
_KEYWORD: Final = re.compile(r"(and|or|not)(?=[\s()]|\Z)", re.IGNORECASE)
_HEAD: Final = re.compile(r"([A-Za-z_]+|family-nth)(:|>=|<=|>|<|=)", re.IGNORECASE)
_SPACED: Final = re.compile(rf"({'|'.join(_NAMES)})\s+(>=|<=|>|<|=)\s*", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[0-9.]+\Z")
_UNIT: Final = re.compile(r"\s+([A-Za-z]+)(?=[\s)]|\Z)")
_SYMBOLS: Final = {"&": "and", "&&": "and", "|": "or", "||": "or"}


def parse(text: str, vocabulary: Vocabulary = DOCUMENTED) -> Query:
    """Return the query that a text means; raises `QueryError`."""
    if len(text) > LONGEST_QUERY:
        raise QueryError(f"a query has at most {LONGEST_QUERY:,} characters", LONGEST_QUERY)
    return _Parser(text, vocabulary).query()


class _Parser:
    """Recursive-descent parser of one text: from `or` down to the single term."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self._reader = Reader(text)
        self._vocabulary = vocabulary
        self._nested = 0

    def query(self) -> Query:
        reader = self._reader
        reader.skip_space()
        if not reader.peek:
            return Query()
        root = self._either()
        if reader.peek:
            raise QueryError("this ) closes nothing; put the text in quotes", reader.at)
        return Query(root)

    def _keyword(self) -> str:
        found = _KEYWORD.match(self._reader.text, self._reader.at)
        return found.group(1).lower() if found else ""

    def _either(self) -> Expression:
        parts = [self._all()]
        while self._keyword() == "or":
            self._take_keyword()
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self) -> Expression:
        parts = [self._one()]
        while self._reader.peek not in ("", ")") and (keyword := self._keyword()) != "or":
            if keyword == "and":
                self._take_keyword()
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _take_keyword(self) -> None:
        """Move past a keyword; raises `QueryError` when nothing comes after it."""
        reader, start, word = self._reader, self._reader.at, self._keyword()
        reader.at += len(word)
        reader.skip_space()
        if reader.peek in ("", ")"):
            raise QueryError(f'put a term after {word}; the text "{word}" in quotes', start, len(word))

    def _one(self) -> Expression:
        reader, start = self._reader, self._reader.at
        self._nested += 1
        if self._nested > DEEPEST:
            raise QueryError(f"parentheses and negations go at most {DEEPEST} deep", start)
        keyword = self._keyword()
        if keyword in ("and", "or"):
            raise QueryError(f'put a term before {keyword}; the text "{keyword}" in quotes', start, len(keyword))
        if keyword:
            self._take_keyword()
            expression: Expression = Not(self._one())
        elif reader.peek in ("-", "!"):
            reader.at += 1
            if reader.at_break or reader.peek == ")":
                sign = reader.text[start : reader.at]
                raise QueryError(f"put a term after {sign!r}; it stands before nothing", start)
            expression = Not(self._one())
        else:
            expression = self._group() if reader.peek == "(" else self._term()
        self._nested -= 1
        reader.skip_space()
        return expression

    def _group(self) -> Expression:
        reader, start = self._reader, self._reader.at
        reader.at += 1
        reader.depth += 1
        reader.skip_space()
        if reader.peek == ")":
            raise QueryError("nothing stands between the parentheses", start, 2)
        if not reader.peek:
            raise QueryError("put a term after (; it stands before nothing", start)
        expression = self._either()
        if reader.peek != ")":
            raise QueryError("close this ( with ); it has no end", start)
        reader.at += 1
        reader.depth -= 1
        return expression

    def _term(self) -> Term:
        reader, start = self._reader, self._reader.at
        head = _HEAD.match(reader.text, start) or _SPACED.match(reader.text, start)
        if head is None:
            return self._text_term(start)
        reader.at = head.end()
        if head.group(2) != ":":
            reader.skip_space()
        return self._field_term(head.group(1), head.group(2), start)

    def _text_term(self, start: int) -> Term:
        reader = self._reader
        if reader.peek in "<>=":
            raise QueryError("put a field before this, as in size>20GB", start)
        value = reader.value(",<>")
        if reader.peek == ",":
            raise QueryError("write name:one,other for one of several; or put it in quotes", reader.at)
        if reader.peek in ("<", ">"):
            raise QueryError("put a field first, as in size>20GB; or the text in quotes", reader.at)
        if value.form is Form.WORD and value.text in _SYMBOLS and reader.text[start] != '"':
            word = _SYMBOLS[value.text]
            raise QueryError(f'write "{word}" for {value.text}'.replace('"', ""), start, len(value.text))
        return TextTerm(value)

    def _field_term(self, name: str, operator: str, start: int) -> Term:
        key = name.lower()
        if measure := _MEASURES.get(key):
            return self._measure_term(measure, operator, start)
        if key == "is" and operator == ":":
            return FlagTerm(self._flag())
        field = _FIELDS.get(key)
        if field and operator in (":", "="):
            return FieldTerm(field, self._values(field, exact=operator == "="))
        if field or key == "is":
            raise QueryError(f"write {key}: and a word; {key} has no size to compare", start, len(name))
        near = nearest(key, _NAMES)
        fields = f"the fields are {', '.join(_NAMES)}"
        hint = f"did you mean {near}?" if near else "put text with : < > or = in quotes;"
        raise QueryError(f"{hint} {short(name)} is no field", start, len(name), fields)

    def _flag(self) -> Flag:
        reader, start = self._reader, self._reader.at
        word = reader.word()
        try:
            return Flag(word.lower())
        except ValueError:
            flags = f"is: takes {', '.join(Flag)}"
            near = nearest(word, Flag) if word else None
            hint = f"did you mean is:{near}?" if near else f"is: takes {', '.join(list(Flag)[:3])} and others;"
            said = f"{short(word)} is none of them" if word else "it needs one of them"
            raise QueryError(f"{hint} {said}", start, max(1, len(word)), flags) from None

    def _measure_term(self, measure: Measure, operator: str, start: int) -> Term:
        reader, place = self._reader, self._reader.at
        word = reader.word()
        if operator == ":":
            if word.lower() == UNKNOWN:
                return UnknownTerm(measure)
            forms = f"{measure}> >= < <= or ="
            raise QueryError(f"write {forms}, or {measure}:{UNKNOWN}; {measure} is compared", start, len(measure))
        if not word:
            raise QueryError(f"{measure}{operator} needs a value after it", place)
        unit = _UNIT.match(reader.text, reader.at)
        if unit and _NUMBER.match(word) and unit.group(1).lower() in UNITS[measure]:
            word += unit.group(1)
            reader.at = unit.end()
        try:
            return MeasureTerm(measure, operator, PARSERS[measure](word))
        except ValueError as error:
            raise QueryError(str(error), place, len(word)) from None

    def _values(self, field: Field, *, exact: bool) -> tuple[Value, ...]:
        reader = self._reader
        values: list[Value] = []
        while True:
            start = reader.at
            letter_for_letter = exact or reader.peek == "="
            if reader.peek == "=":
                reader.at += 1
            if reader.at_break or reader.peek in (",", ")"):
                raise QueryError(f"{field}: needs a value here", reader.at)
            if reader.peek == "(":
                raise QueryError(f"write {field}:one,other for one of several", reader.at)
            value = reader.value(",", exact=letter_for_letter)
            self._check(field, value, start)
            values.append(value)
            if reader.peek != ",":
                return tuple(values)
            reader.at += 1

    def _check(self, field: Field, value: Value, start: int) -> None:
        """Raise `UnknownValueError` for a value that its field can never have."""
        length = self._reader.at - start
        self._vocabulary.check(field, value, start, length)
        if field is Field.MONTH and not value.is_pattern and value.folded != UNKNOWN:
            try:
                parse_month(value.text)
            except ValueError as error:
                raise QueryError(str(error), start, length) from None
