"""Fields of the keep policy screen: a number for each period, a span, tags; side by side where they fit."""

from collections.abc import Mapping
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal

from snaptui.text.lines import Piece, line
from snaptui.tui.keys.command import Command, Commands, Group
from snaptui.tui.planner.state import FIELDS
from snaptui.tui.widgets.field import Field
from snaptui.tui.widgets.lines import Lines

LOOSE: Final = 78
"""Width from which on the numbers of all periods fit into one line."""
_LONG: Final = ("within", "tags")


class Number(Field):
    """Text field for one number of the policy; Enter and Esc give the keys back to the list."""

    def leave(self) -> None:
        """Give the keys to the list."""
        self.screen.set_focus(None)

    def action_command(self, key: str) -> None:
        """Run the command of a key."""
        self.DECLARED.run(key, self, None)

    DECLARED: ClassVar[Commands["Number", None]] = Commands(
        Command("escape", leave, "back to the list", Group.MOVE),
    )
    BINDINGS: ClassVar[list[BindingType]] = DECLARED.bindings


class PolicyFields(Container):
    """The fields with their names, and what is grouped by: in two lines, or in four of a narrow terminal."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__()
        self._texts = texts

    def compose(self) -> ComposeResult:
        """Put each three fields together."""
        with Container(classes="fields"):
            yield from self._fields(FIELDS[:3])
            yield from self._fields(FIELDS[3:6])
        with Container(classes="fields"):
            yield from self._fields(FIELDS[6:])
            yield Lines(id="planner-by")

    def _fields(self, names: tuple[str, ...]) -> ComposeResult:
        with Horizontal():
            for name in names:
                label = Lines(id=f"label-{name}")
                label.styles.width = len(name) + 2
                yield label
                # Without colours nothing but this shows where an empty field is.
                typed = Number(self._texts.get(name, ""), placeholder="–", id=f"keep-{name}", compact=True)
                typed.set_class(name in _LONG, "-long")
                typed.cursor_blink = False
                yield typed

    def on_mount(self) -> None:
        """Write the names."""
        for name in FIELDS:
            self.query_one(f"#label-{name}", Lines).show([line(Piece(f" {name} ", "dim"))])

    def lay_out(self, width: int) -> int:
        """Put the fields into as many lines as they need in a terminal of this width; returns how many."""
        self.set_class(width < LOOSE, "-tight")
        return 4 if width < LOOSE else 2
