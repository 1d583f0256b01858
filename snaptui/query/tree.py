"""Expressions: terms put together with `and`, `or` and `not`; each prints as text that parses to the same one."""

from collections.abc import Iterator

from msgspec import Struct

from snaptui.query.terms import Term


class Not(Struct, frozen=True, dict=True):
    """Negation: true where its part is false."""

    part: "Expression"

    def __str__(self) -> str:
        return f"-{_inside(self.part)}"


class And(Struct, frozen=True, dict=True):
    """Conjunction: true where all of its two or more parts are."""

    parts: tuple["Expression", ...]

    def __str__(self) -> str:
        return " ".join(map(_inside, self.parts))


class Or(Struct, frozen=True, dict=True):
    """Disjunction: true where at least one of its two or more parts is."""

    parts: tuple["Expression", ...]

    def __str__(self) -> str:
        return " or ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)


Expression = Term | Not | And | Or


def _inside(part: Expression) -> str:
    return f"({part})" if isinstance(part, And | Or) else str(part)


def terms_of(expression: Expression) -> Iterator[Term]:
    """Yield the terms of an expression, from left to right."""
    match expression:
        case Not(part):
            yield from terms_of(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from terms_of(part)
        case _:
            yield expression
