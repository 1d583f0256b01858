"""Screen over the table with a list of its own: the keys that move its cursor, and what is said of the last key."""

from collections.abc import Iterable, Iterator
from typing import Final, Generic, Protocol, Self, TypeVar

from textual.events import Resize

from snaptui.text.lines import Line, Piece, joined, line, problem_line, whole_parts, width_of
from snaptui.tui.deletions.covering_screen import Covering
from snaptui.tui.keys.command import FARTHEST, Command, Declared, Group


class Listed(Protocol):
    """Interface of a state with a cursor in a list."""

    @property
    def cursor(self) -> int:
        """The line under the cursor."""

    @property
    def rows(self) -> int:
        """The number of lines that there is room for."""

    def moved_to(self, line: int) -> Self:
        """Put the cursor on a line, or on the nearest one there is."""


class Moves(Protocol):
    """Interface of a screen whose cursor moves by lines and pages."""

    def move(self, lines: int) -> None:
        """Move the cursor by lines."""

    def move_pages(self, pages: int) -> None:
        """Turn pages."""


MOVING: Final[tuple[Command[Moves, object], ...]] = (
    Command("j,down", lambda it: it.move(1), "down", Group.MOVE),
    Command("k,up", lambda it: it.move(-1), "up", Group.MOVE),
    Command("],pagedown,ctrl+f", lambda it: it.move_pages(1), "next page", Group.MOVE),
    Command("[,pageup,ctrl+b", lambda it: it.move_pages(-1), "page before", Group.MOVE),
    Command("g,home", lambda it: it.move(-FARTHEST), "first", Group.MOVE),
    Command("G,end", lambda it: it.move(FARTHEST), "last", Group.MOVE),
)

KEYS_GAP: Final = 2
Result = TypeVar("Result")
State = TypeVar("State", bound=Listed)
Actor = TypeVar("Actor")
Shown = TypeVar("Shown")


class ListingScreen(Covering[Result], Generic[Result, State]):
    """Base screen that is written anew for each state; subclasses write it and add commands to `MOVING`."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self._state = state
        self._said: Line = ()

    def write(self) -> None:
        """Write everything for the state and the terminal's size."""
        raise NotImplementedError

    def run_command(self, key: str) -> str | None:
        """Run the command of a key; returns the reason in words when it cannot be run now, else `None`."""
        raise NotImplementedError

    @property
    def commands(self) -> Iterator[Declared]:
        """The commands of this screen."""
        raise NotImplementedError

    def on_resize(self, _event: Resize) -> None:
        """Write everything for the new size."""
        self.write()

    def bar_moved(self) -> None:
        """Write everything for one line more or less."""
        self.write()

    def become(self, state: State) -> None:
        """Replace the state."""
        self._state = state
        self.write()

    def say(self, said: Line) -> None:
        """Say something until the next key."""
        self._said = said
        self.write()

    def say_dropped(self, text: str) -> None:
        """Show a sentence about keys that did nothing."""
        self.say(problem_line(text))

    def action_command(self, key: str) -> None:
        """Run the command of a key, or say why it cannot be run now."""
        self._said = ()
        if reason := self.run_command(key):
            self.say_dropped(reason)

    def move(self, lines: int) -> None:
        """Move the cursor by lines."""
        self.become(self._state.moved_to(self._state.cursor + lines))

    def move_pages(self, pages: int) -> None:
        """Turn pages."""
        self.move(pages * self._state.rows)


def keys_line(commands: Iterable[Command[Actor, Shown]], state: Shown, width: int) -> Line:
    """Return the first key of each command that has a hint and works now, as many as fit whole; the last two always."""
    *hints, back, help_ = [
        line(Piece(command.printed.split(" ")[0], "key"), Piece(f" {command.hint}"))
        for command in commands
        if command.hint and command.obstacle(state) is None
    ]
    last = joined([back, help_], " " * KEYS_GAP)
    kept = whole_parts(hints, width - 1 - width_of(last) - KEYS_GAP, " " * KEYS_GAP)
    return (Piece(" "), *joined([kept, last], " " * KEYS_GAP))
