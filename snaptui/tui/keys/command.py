"""Commands: one declaration for each key, from which bindings, key bar, help, palette and README follow."""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Final, Generic, Protocol, TypeVar, runtime_checkable

from msgspec import Struct
from textual.binding import Binding, BindingType

Actor = TypeVar("Actor", contravariant=True)
State = TypeVar("State", contravariant=True)
FARTHEST: Final = 1_000_000_000
"""Lines or pages to move by to get to an end: more than any list has."""

_PRINTED: Final[Mapping[str, str]] = {
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "tab": "Tab",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "home": "Home",
    "end": "End",
}


class Group(StrEnum):
    """Groups of commands: the headings of the help, in their order there."""

    MOVE = "Move"
    FIND = "Find"
    SORT = "Sort"
    MARK = "Mark"
    LOOK = "Look"
    DELETE = "Delete"
    AUDIT = "Audit"
    PROGRAM = "Program"


def always(_state: object) -> str | None:
    """Return `None`: nothing ever stands in the way of the command."""
    return None


class Command(Struct, Generic[Actor, State], frozen=True):
    """A command: one action of the user with its keys and all that is said of it.

    `keys` are Textual's names, separated by commas; `run` does it; `help` says it in a few words; `hint` is its word in
    the key bar, empty when it has no place there; `obstacle` returns why it cannot be done now, or `None`;
    `of_row` is true when it means the row under the cursor, or starts from there.
    """

    keys: str
    run: Callable[[Actor], object]
    help: str
    group: Group
    hint: str = ""
    obstacle: Callable[[State], str | None] = always
    of_row: bool = False

    @property
    def key(self) -> str:
        """The first of its keys, by which it is known."""
        return self.keys.partition(",")[0]

    @property
    def printed(self) -> str:
        """Its keys as they stand on a keyboard, `j ↓`."""
        return " ".join(printed(key) for key in self.keys.split(","))


def printed(key: str) -> str:
    """Return a key's name as it stands on a keyboard: `Esc`, `^p`."""
    return _PRINTED.get(key, key.replace("ctrl+", "^"))


class Commands(Generic[Actor, State]):
    """The commands of one screen. Raises `ValueError` when two have a key in common."""

    def __init__(self, *commands: Command[Actor, State]) -> None:
        self._commands = commands
        keys = [key for command in commands for key in command.keys.split(",")]
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise ValueError(f"more than one command for {', '.join(sorted(twice))}")
        self._by_key = {command.key: command for command in commands}

    def __iter__(self) -> Iterator[Command[Actor, State]]:
        return iter(self._commands)

    def __getitem__(self, key: str) -> Command[Actor, State]:
        return self._by_key[key]

    @property
    def bindings(self) -> list[BindingType]:
        """Textual's bindings: each calls `action_command` of the widget that has them, with the command's first key."""
        return [self._binding(each, everywhere=False) for each in self]

    @property
    def bindings_everywhere(self) -> list[BindingType]:
        """The bindings of an application whose keys work on every screen and in every field, dialogs included."""
        return [self._binding(each, everywhere=True) for each in self]

    def _binding(self, command: Command[Actor, State], *, everywhere: bool) -> Binding:
        action = f"{'app.' if everywhere else ''}command({command.key!r})"
        return Binding(command.keys, action, command.help, show=False, priority=everywhere)

    def run(self, key: str, actor: Actor, state: State) -> str | None:
        """Run the command of a key; returns the reason in words when it cannot be run now, else `None`."""
        command = self._by_key[key]
        reason = command.obstacle(state)
        if reason is None:
            command.run(actor)
        return reason


class Declared(Protocol):
    """Interface of a command for the help, the palette and the README, whatever it acts on."""

    @property
    def key(self) -> str:
        """The first of the command's keys, by which it is known."""

    @property
    def printed(self) -> str:
        """Its keys as they stand on a keyboard."""

    @property
    def help(self) -> str:
        """The command's action in a few words."""

    @property
    def group(self) -> Group:
        """The heading under which the help lists it."""

    @property
    def hint(self) -> str:
        """Its word for a line of keys; empty when it has no place there."""


@runtime_checkable
class Commanded(Protocol):
    """A screen whose keys are declared as commands."""

    @property
    def commands(self) -> Iterator[Declared]:
        """The commands that can be given here."""

    def action_command(self, key: str) -> None:
        """Run the command of a key, or say why it cannot be run now."""
