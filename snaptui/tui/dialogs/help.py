"""The help: made from the bindings and from the query language itself."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from snaptui.query import SYNTAX
from snaptui.text.lines import BLANK, Line, Piece, line
from snaptui.tui.widgets.lines import Lines
from snaptui.tui.widgets.scroll_lines import ScrollLines
from snaptui.tui.widgets.scrolling_screen import ScrollingScreen

KEY_NAMES: Final = {
    "slash": "/",
    "question_mark": "?",
    "right_square_bracket": "]",
    "left_square_bracket": "[",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "down": "↓",
    "up": "↑",
    "home": "Home",
    "end": "End",
}


def key_names(keys: str) -> str:
    """Return a binding's keys as they are printed on a keyboard."""
    return " ".join(KEY_NAMES.get(key, key.replace("ctrl+", "^")) for key in keys.split(","))


def key_lines(bindings: Iterable[BindingType]) -> list[Line]:
    """Return a heading for each group of bindings and a line for each binding."""
    lines: list[Line] = []
    heading = None
    grouped = sorted(
        (b for b in bindings if isinstance(b, Binding) and b.group),
        key=lambda b: b.group.description if b.group else "",
    )
    for binding in grouped:
        if binding.group and binding.group.description != heading:
            heading = binding.group.description
            lines += [BLANK, line(" ", Piece(heading, "accent"))]
        lines.append(line("   ", Piece(f"{key_names(binding.key):<16}", "key"), binding.description))
    return lines


def query_lines() -> list[Line]:
    """Return the query language, one example a line."""
    width = max(len(example) for example, _ in SYNTAX) + 2
    rows = [line("   ", Piece(f"{example:<{width}}", "key"), meaning) for example, meaning in SYNTAX]
    return [BLANK, line(" ", Piece("Filter", "accent"), Piece("  terms are joined by and", "dim")), *rows]


class HelpScreen(ScrollingScreen[None]):
    """Every key and every form of the query language."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark", "dismiss", "back", show=False)]

    def __init__(self, bindings: Sequence[BindingType]) -> None:
        super().__init__()
        self._bindings_shown = bindings

    def compose(self) -> ComposeResult:
        """Put a title above the text."""
        yield Lines(classes="title")
        yield ScrollLines()

    def write(self, width: int) -> None:
        """Fill in the text."""
        self.query_one(".title", Lines).show(
            [line(Piece(" snaptui help", "strong"), Piece("   j k [ ] scroll · Esc goes back", "dim"))]
        )
        self.text.fill([*key_lines(self._bindings_shown), *query_lines()])
