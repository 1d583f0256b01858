"""The help: every command and every form of the query language."""

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType

from snaptui.query import SYNTAX
from snaptui.text.cells import cell_width, pad
from snaptui.text.lines import BLANK, COLUMN_GAP, Line, Piece, in_columns, line, wrapped
from snaptui.tui.browse.signs import IN_DELETION, MARKED, NOTABLE
from snaptui.tui.deletions.countdown_bar import DeletionBar
from snaptui.tui.deletions.covering_screen import COVERING, CoveringScreen
from snaptui.tui.keys.command import Command, Commands, Declared, Group
from snaptui.tui.widgets.scroll_lines import ScrollLines
from snaptui.tui.widgets.title_line import TitleLine

INDENT: Final = 3
LEAST_MEANING: Final = 20
KEYS_COLUMN: Final = 52
QUERY_COLUMN: Final = 66
"""Columns are at least so wide, where there is more than one."""

Entry = tuple[Piece, str]
"""A key, and what it means."""


def _column(width: int, least: int) -> int:
    """Return the width of a column in a terminal of `width` cells."""
    number = max(1, (width + COLUMN_GAP) // (least + COLUMN_GAP))
    return (width + COLUMN_GAP) // number - COLUMN_GAP


def _lines(entry: Entry, beside: int, width: int) -> list[Line]:
    """Return the meaning beside its key, `beside` cells from the edge, or below it where there is too little room."""
    key, meaning = entry
    if width - beside >= LEAST_MEANING:
        first, *rest = wrapped(line(meaning), width - beside)
        head = line(" " * INDENT, Piece(pad(key.text, beside - INDENT), key.role), *first)
        return [head, *(line(" " * beside, *row) for row in rest)]
    rows = wrapped(line(meaning), max(1, width - 2 * INDENT))
    return [line(" " * INDENT, key), *(line(" " * (2 * INDENT), *row) for row in rows)]


def _beside(entries: Iterable[Entry]) -> int:
    return INDENT + max(cell_width(key.text) for key, _ in entries) + 2


def block_lines(blocks: Sequence[tuple[str, Sequence[Entry]]], width: int) -> list[Line]:
    """Return a heading and its entries for each block, in as many columns as there is room for."""
    column = _column(width, KEYS_COLUMN)
    beside = _beside(entry for _, entries in blocks for entry in entries)
    return in_columns(
        [
            [BLANK, line(" ", Piece(heading, "accent")), *(row for one in some for row in _lines(one, beside, column))]
            for heading, some in blocks
        ],
        width,
    )


def key_blocks(commands: Iterable[Declared]) -> list[tuple[str, Sequence[Entry]]]:
    """Return the keys of each group of commands, and what they do."""
    declared = list(commands)
    members = {group: [command for command in declared if command.group is group] for group in Group}
    return [
        (group, [(Piece(command.printed, "key"), command.help) for command in some])
        for group, some in members.items()
        if some
    ]


def sign_block() -> tuple[str, Sequence[Entry]]:
    """Return what the signs in front of a row mean."""
    return "Signs", [(sign.piece, sign.meaning) for sign in (MARKED, IN_DELETION, *NOTABLE)]


def query_lines(width: int) -> list[Line]:
    """Return the query language, one example after the other, in columns where there is room for them."""
    entries = [(Piece(example, "key"), meaning) for example, meaning in SYNTAX]
    rows = [_lines(entry, _beside(entries), _column(width, QUERY_COLUMN)) for entry in entries]
    return [BLANK, line(" ", Piece("Filter", "accent")), *in_columns(rows, width)]


class HelpScreen(CoveringScreen[None]):
    """The keys of a screen; for that of the list the signs and every form of the query language, too."""

    def __init__(self, commands: Iterable[Declared], *, of_list: bool) -> None:
        super().__init__()
        self._declared = tuple(commands)
        self._of_list = of_list

    def compose(self) -> ComposeResult:
        """Put a title above the text."""
        yield TitleLine(classes="title")
        yield ScrollLines()
        yield DeletionBar()

    def write(self, width: int) -> None:
        """Fill in the text."""
        title = line(Piece(" snaptui help", "strong"))
        self.query_one(TitleLine).tell(title, ("j k [ ] scroll",), ("Esc goes back", "Esc"))
        blocks = key_blocks(self._declared)
        if self._of_list:
            self.fill([*block_lines([*blocks, sign_block()], width), *query_lines(width)])
        else:
            self.fill(block_lines(blocks, width))

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
