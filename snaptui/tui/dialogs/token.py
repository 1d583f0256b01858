"""Token dialog: asks for an API token without showing it."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from snaptui.config.credentials import CredentialsError, checked_token
from snaptui.model.token import Token
from snaptui.text.lines import BLANK, Piece, line
from snaptui.text.safe import visible
from snaptui.tui.dialogs.dialog import Dialog
from snaptui.tui.widgets.field import Field
from snaptui.tui.widgets.wrapped_lines import WrappedLines


class AskTokenScreen(Dialog[Token]):
    """Dialog whose answer is the token that was typed, or `None`. It is kept in memory only."""

    def __init__(self, api_host: str) -> None:
        super().__init__()
        self._api_host = api_host

    def compose(self) -> ComposeResult:
        """Put the field between what it is for and what to do."""
        with Vertical(classes="dialog"):
            yield WrappedLines(id="why")
            token = Field(password=True, id="token", compact=True)
            token.cursor_blink = False
            yield token
            yield WrappedLines(id="problem")

    def on_mount(self) -> None:
        """Say what the token is for."""
        self.query_one("#why", WrappedLines).tell(
            [
                line(Piece(f"A DigitalOcean API token for {visible(self._api_host)}", "strong")),
                line(
                    Piece(
                        "Browsing needs snapshot:read; deleting needs snapshot:delete and image:delete.",
                        "dim",
                    )
                ),
                line(Piece("It is used until you quit and never saved.", "dim")),
                BLANK,
                line("Paste or type it; Enter goes on, Esc cancels:"),
            ]
        )

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        try:
            token = checked_token(event.value)
        except CredentialsError as problem:
            self.query_one("#problem", WrappedLines).tell([line(Piece("✗ ", "warn"), str(problem))])
        else:
            self.dismiss(token)
