"""The smallest Textual program that shows anything: what start_up.py compares with."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Smallest(App[None]):
    """Shows one word."""

    def compose(self) -> ComposeResult:
        """Say it."""
        yield Static("smallest")


if __name__ == "__main__":
    Smallest().run()
