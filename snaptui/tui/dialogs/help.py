"""The help: every command and every form of the query language."""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType

from snaptui.query import SYNTAX
from snaptui.text.lines import BLANK, Line, Piece, in_columns, line
from snaptui.tui.browse.signs import IN_DELETION, MARKED, NOTABLE
from snaptui.tui.deletions.bar import DeletionBar
from snaptui.tui.deletions.covering_screen import COVERING, CoveringScreen
from snaptui.tui.keys.command import Command, Commands, Declared, Group
from snaptui.tui.widgets.lines import Lines
from snaptui.tui.widgets.scroll_lines import ScrollLines

KEYS_WIDTH: Final = 15


def key_blocks(commands: Iterable[Declared]) -> list[list[Line]]:
    """Return a block for each group of commands: a heading, and a line for each command."""
    declared = list(commands)
    blocks = []
    for group in Group:
        members = [command for command in declared if command.group is group]
        rows = [line("   ", Piece(f"{command.printed:<{KEYS_WIDTH}}", "key"), command.help) for command in members]
        blocks += [[BLANK, line(" ", Piece(group, "accent")), *rows]] if members else []
    return blocks


def sign_block() -> list[Line]:
    """Return what the signs in front of a row mean."""
    signs = (MARKED, IN_DELETION, *NOTABLE)
    rows = [line("   ", Piece(f"{sign.piece.text:<{KEYS_WIDTH}}", sign.piece.role), sign.meaning) for sign in signs]
    return [BLANK, line(" ", Piece("Signs", "accent")), *rows]


def query_lines(width: int) -> list[Line]:
    """Return the query language, one example a line, in columns where there is room for them."""
    most = max(len(example) for example, _ in SYNTAX) + 2
    rows = [[line("   ", Piece(f"{example:<{most}}", "key"), meaning)] for example, meaning in SYNTAX]
    return [BLANK, line(" ", Piece("Filter", "accent")), *in_columns(rows, width)]


class HelpScreen(CoveringScreen[None]):
    """Every key and every form of the query language."""

    def __init__(self, commands: Iterable[Declared]) -> None:
        super().__init__()
        self._declared = tuple(commands)

    def compose(self) -> ComposeResult:
        """Put a title above the text."""
        yield Lines(classes="title")
        yield ScrollLines()
        yield DeletionBar()

    def write(self, width: int) -> None:
        """Fill in the text."""
        self.query_one(".title", Lines).show(
            [line(Piece(" snaptui help", "strong"), Piece("   j k [ ] scroll · Esc goes back", "dim"))]
        )
        self.text.fill([*in_columns([*key_blocks(self._declared), sign_block()], width), *query_lines(width)])

    @property
    def commands(self) -> Iterator[Declared]:
        """The commands of this screen."""
        return iter(self.DECLARED)

    def action_command(self, key: str) -> None:
        """Do what a key stands for."""
        self.DECLARED.run(key, self, None)

    DECLARED: ClassVar[Commands["HelpScreen", None]] = Commands(
        *COVERING,
        Command("escape,q,?", lambda it: it.dismiss(), "back", Group.PROGRAM),
    )
    BINDINGS: ClassVar[list[BindingType]] = DECLARED.bindings
