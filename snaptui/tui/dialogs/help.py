"""The help: every command and every form of the query language."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from snaptui.query import SYNTAX
from snaptui.text.lines import BLANK, Line, Piece, line
from snaptui.tui.keys.command import Command, Commands, Declared, Group
from snaptui.tui.widgets.lines import Lines
from snaptui.tui.widgets.scroll_lines import ScrollLines
from snaptui.tui.widgets.scrolling_screen import SCROLLING, ScrollingScreen


def key_lines(commands: Iterable[Declared]) -> list[Line]:
    """Return a heading for each group of commands and a line for each command."""
    lines: list[Line] = []
    declared = list(commands)
    for group in Group:
        members = [command for command in declared if command.group is group]
        lines += [BLANK, line(" ", Piece(group, "accent"))] if members else []
        lines += [line("   ", Piece(f"{command.printed:<16}", "key"), command.help) for command in members]
    return lines


def query_lines() -> list[Line]:
    """Return the query language, one example a line."""
    width = max(len(example) for example, _ in SYNTAX) + 2
    rows = [line("   ", Piece(f"{example:<{width}}", "key"), meaning) for example, meaning in SYNTAX]
    return [BLANK, line(" ", Piece("Filter", "accent"), Piece("  terms are joined by and", "dim")), *rows]


class HelpScreen(ScrollingScreen[None]):
    """Every key and every form of the query language."""

    def __init__(self, commands: Iterable[Declared]) -> None:
        super().__init__()
        self._declared = tuple(commands)

    def compose(self) -> ComposeResult:
        """Put a title above the text."""
        yield Lines(classes="title")
        yield ScrollLines()

    def write(self, width: int) -> None:
        """Fill in the text."""
        self.query_one(".title", Lines).show(
            [line(Piece(" snaptui help", "strong"), Piece("   j k [ ] scroll · Esc goes back", "dim"))]
        )
        self.text.fill([*key_lines(self._declared), *query_lines()])

    @property
    def commands(self) -> Iterator[Declared]:
        """What the keys do."""
        return iter(self.DECLARED)

    def action_command(self, key: str) -> None:
        """Do what a key stands for."""
        self.DECLARED.run(key, self, None)

    DECLARED: ClassVar[Commands["HelpScreen", None]] = Commands(
        *SCROLLING,
        Command("escape,q,?", lambda it: it.dismiss(), "back", Group.PROGRAM),
    )
    BINDINGS: ClassVar[list[BindingType]] = DECLARED.bindings
