"""Reader of a query's text: words, quoted texts, patterns and regular expressions, from left to right."""

import re
from typing import Final

from snaptui.query.errors import QueryError, short
from snaptui.query.patterns import PatternError, is_pattern
from snaptui.query.terms import Form, Value

LONGEST_REGEX: Final = 200
_SPACE: Final = re.compile(r"\s*")
_NESTED_REPEAT: Final = re.compile(r"[*+}]\)[*+{]")


class Reader:
    """Reading position in a query's text; `depth` counts the parentheses that are open there."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    @property
    def peek(self) -> str:
        """The next character; empty at the end."""
        return self.text[self.at : self.at + 1]

    @property
    def at_break(self) -> bool:
        """True at white space and at the end."""
        return not self.peek or self.peek.isspace()

    def skip_space(self) -> None:
        """Go on to the next character that is not white space."""
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def word(self, stops: str = "") -> str:
        """Read up to white space, a quote, a stop that is not in brackets, or the end of a group."""
        start, inner, closing = self.at, 0, ""
        while not self.at_break and self.peek != '"':
            character = self.peek
            if closing:
                closing = "" if character == closing else closing
            elif character in stops or (character == ")" and not inner and self.depth):
                break
            elif character in "[{":
                closing = "]" if character == "[" else "}"
            inner += (character == "(") - (character == ")")
            if inner < 0:
                raise QueryError("this ) closes nothing; put the text in quotes", self.at)
            self.at += 1
        if inner:
            raise QueryError("this ( has no end; put the text in quotes", self.text.index("(", start))
        return self.text[start : self.at]

    def value(self, stops: str = "", *, exact: bool = False) -> Value:
        """Read a word, a quoted text, a pattern or a regular expression; `exact` ones are taken letter for letter."""
        start = self.at
        if self.peek == "/" and not exact:
            return self._regex()
        if self.peek == '"':
            return Value(self._quoted(), Form.EXACT if exact else Form.WORD)
        word = self.word(stops)
        if exact or not is_pattern(word):
            return Value(word, Form.EXACT if exact else Form.WORD)
        value = Value(word, Form.GLOB)
        try:
            _ = value.finds
        except PatternError as error:
            raise QueryError(str(error), start + min(error.position, len(word) - 1)) from None
        return value

    def _delimited(self, delimiter: str, what: str) -> str:
        start = self.at
        self.at += 1
        taken: list[str] = []
        while (character := self.peek) != delimiter:
            if not character:
                raise QueryError(f"close this {what} with {delimiter}; it has no end", start, self.at - start)
            if character == "\\":
                character = self._escape(delimiter)
            taken.append(character)
            self.at += 1
        self.at += 1
        return "".join(taken)

    def _escape(self, delimiter: str) -> str:
        """Return the character that a backslash escapes; in a regular expression the backslash stays with it."""
        self.at += 1
        escaped = self.peek
        stands_alone = escaped == delimiter or (escaped == "\\" and delimiter == '"')
        return escaped if stands_alone else f"\\{escaped}"

    def _quoted(self) -> str:
        start = self.at
        text = self._delimited('"', "quoted text")
        if not text:
            raise QueryError("nothing stands between the quotes", start, 2)
        return text

    def _regex(self) -> Value:
        start = self.at
        text = self._delimited("/", "regular expression")
        length = self.at - start
        if not text or len(text) > LONGEST_REGEX:
            raise QueryError(f"a regular expression has 1 to {LONGEST_REGEX} characters", start, length)
        if _NESTED_REPEAT.search(text):
            raise QueryError("a repeat inside a repeat can take for ever; write it without", start, length)
        try:
            re.compile(text, re.IGNORECASE)
        except (re.error, OverflowError, RecursionError) as error:
            said = str(error).partition(" at position")[0]
            raise QueryError(f"{short(text)} does not work: {said}", start, length) from None
        return Value(text, Form.REGEX)
