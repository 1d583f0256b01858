"""Export dialog: asks for a path and writes what is shown, or what is marked, there."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from snaptui.files.errors import FileError
from snaptui.report.export import ExportError, export, export_path
from snaptui.report.fields import Facts
from snaptui.text.amounts import count
from snaptui.text.lines import BLANK, Piece, line
from snaptui.text.safe import visible
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.dialogs.dialog import Dialog
from snaptui.tui.widgets.field import Field
from snaptui.tui.widgets.wrapped_lines import WrappedLines


class ExportScreen(Dialog[str]):
    """Dialog whose answer says what was written where; a file that exists is only replaced after a second Enter."""

    def __init__(self, subject: BrowseState) -> None:
        super().__init__()
        browsing = subject.browsing
        self._marked = bool(browsing.marks)
        self._rows = browsing.targets() if browsing.marks else browsing.view.slice(0, len(browsing.view))
        self._facts = Facts(subject.now, subject.usd_per_gb_month, subject.sources, subject.snapshots)
        self._agreed: Path | None = None

    def compose(self) -> ComposeResult:
        """Put the field between what it is for and what to do."""
        with Vertical(classes="dialog"):
            yield WrappedLines(id="why")
            name = f"snapshots-{datetime.fromtimestamp(self._facts.now, UTC):%Y-%m-%d}.csv"
            path = Field(name, id="path", compact=True, select_on_focus=False)
            path.cursor_blink = False
            yield path
            yield WrappedLines(id="problem")

    def on_mount(self) -> None:
        """Say what is written."""
        what = "the marked" if self._marked else "what the filter shows"
        self.query_one("#why", WrappedLines).tell(
            [
                line(Piece(f"Export {what}: {count(len(self._rows), 'snapshot')}", "strong")),
                line(Piece(".csv can be opened in a spreadsheet, .json has everything, .md is a table.", "dim")),
                line(Piece("Only you can read the file.", "dim")),
                BLANK,
                line("Type a path; Enter writes, Esc cancels"),
            ]
        )

    def _say(self, text: str) -> None:
        self.query_one("#problem", WrappedLines).tell([line(Piece("✗ ", "warn"), visible(text))])

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            path = export_path(event.value)
        except ExportError as problem:
            self._say(str(problem))
            return
        if path != self._agreed and _is_there(path):
            self._agreed = path
            self._say(f"{path} exists: Enter again replaces it")
        else:
            self._write(path)

    @work(exclusive=True, group="export")
    async def _write(self, path: Path) -> None:
        try:
            await asyncio.to_thread(export, path, self._rows, self._facts)
        except FileError as error:
            self._say(str(error))
        else:
            self.dismiss(f"{count(len(self._rows), 'snapshot')} written to {path}")


def _is_there(path: Path) -> bool:
    """Return whether something would be replaced; what cannot be asked is taken for there."""
    try:
        return path.exists() or path.is_symlink()
    except (OSError, ValueError):
        return True
