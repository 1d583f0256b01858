"""Details screen: one snapshot whole, with its JSON read anew from the API."""

import json
from collections.abc import Iterator
from typing import ClassVar

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from snaptui.digitalocean.api.errors import ApiError
from snaptui.digitalocean.api.requests import FetchedSnapshot
from snaptui.text.columns import Terms
from snaptui.text.lines import BLANK, Line, Piece, line
from snaptui.text.safe import visible
from snaptui.tui.deletions.countdown_bar import DeletionBar
from snaptui.tui.deletions.covering_screen import COVERING, HELP, CoveringScreen
from snaptui.tui.details.words import Details, detail_lines
from snaptui.tui.keys.command import Command, Commands, Declared, Group
from snaptui.tui.messages import SnapshotRead, SnapshotRefreshRequested
from snaptui.tui.widgets.scroll_lines import ScrollLines
from snaptui.tui.widgets.title_line import TitleLine


class DetailsScreen(CoveringScreen[None]):
    """Screen that shows the list's record at once, and the API's own JSON as soon as it has come."""

    framed = True

    def __init__(self, details: Details, terms: Terms) -> None:
        super().__init__()
        self._details = details
        self._terms = terms
        self.answer: FetchedSnapshot | ApiError | None = None
        self._raw: str | None = None
        self._found_again = ""

    def compose(self) -> ComposeResult:
        """Put a title above the text."""
        with Vertical(classes="frame"):
            yield TitleLine(classes="title")
            yield ScrollLines()
            yield DeletionBar()

    def on_mount(self) -> None:
        """Ask for what is not known yet."""
        self.post_message(SnapshotRefreshRequested(self._details.snapshot.id, self))

    def write(self, width: int) -> None:
        """Show what is known."""
        title = line(Piece(" Snapshot", "strong"))
        hints = ("R reads it again", "j k scroll")
        self.query_one(TitleLine).tell(title, hints, ("? help · Esc goes back", "? help · Esc", "Esc"))
        lines = [*detail_lines(self._details, self._terms, width), BLANK, self._heading(), *self._json()]
        self.fill(lines)

    def action_refresh(self) -> None:
        """Read the snapshot again."""
        self.answer = None
        self.write(self.room.width)
        self.post_message(SnapshotRefreshRequested(self._details.snapshot.id, self))

    @on(SnapshotRead)
    def _answered(self, event: SnapshotRead) -> None:
        if event.snapshot_id != self._details.snapshot.id:
            return
        if isinstance(event.answer, FetchedSnapshot):
            if self._raw is not None:
                self._found_again = f" · read again: {'the same' if event.answer.raw == self._raw else 'changed'}"
            self._raw = event.answer.raw
            self._details = replace(self._details, snapshot=event.answer.snapshot)
        self.answer = event.answer
        self.write(self.room.width)

    def _heading(self) -> Line:
        if self.answer is None:
            return line(Piece(" JSON as listed", "accent"), Piece(" · asking the API …", "dim"))
        if isinstance(self.answer, ApiError):
            return line(Piece(" JSON as listed", "accent"), Piece(f" · {self.answer}", "bad"))
        return line(Piece(" JSON as the API sends it now", "accent"), Piece(self._found_again, "dim"))

    def _json(self) -> list[Line]:
        if isinstance(self.answer, FetchedSnapshot):
            value: object = json.loads(self.answer.raw)
        else:
            value = self._details.snapshot.to_json()
        text = json.dumps(value, indent=2, ensure_ascii=False)
        return [line(f" {visible(one)}") for one in text.splitlines()]

    @property
    def commands(self) -> Iterator[Declared]:
        """The commands of this screen."""
        return iter(self.DECLARED)

    def action_command(self, key: str) -> None:
        """Do what a key stands for."""
        self.DECLARED.run(key, self, None)

    DECLARED: ClassVar[Commands["DetailsScreen", None]] = Commands(
        *COVERING,
        Command("R", action_refresh, "read the snapshot again", Group.LOOK),
        HELP,
        Command("escape,q,enter", lambda it: it.dismiss(), "back", Group.PROGRAM),
    )
    BINDINGS: ClassVar[list[BindingType]] = DECLARED.bindings
