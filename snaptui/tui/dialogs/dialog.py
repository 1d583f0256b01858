"""Base screen of dialogs: one question, which Esc leaves unanswered."""

from collections.abc import Iterator
from typing import Final, Protocol, TypeVar

from textual.screen import ModalScreen

from snaptui.tui.keys.command import Command, Commands, Declared, Group

Result = TypeVar("Result")


class Cancels(Protocol):
    """Interface of a dialog that can be left without an answer."""

    def cancel(self) -> None:
        """Leave without an answer."""


CANCEL: Final[Command[Cancels, object]] = Command("escape", lambda it: it.cancel(), "cancel", Group.PROGRAM)
CANCELLING: Final[Commands[Cancels, object]] = Commands(CANCEL)


class Dialog(ModalScreen[Result]):
    """Dialog whose only command is `CANCEL`."""

    BINDINGS = CANCELLING.bindings

    @property
    def commands(self) -> Iterator[Declared]:
        """The commands of this dialog."""
        return iter(CANCELLING)

    def action_command(self, key: str) -> None:
        """Run the command of a key."""
        CANCELLING.run(key, self, None)

    def cancel(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)
