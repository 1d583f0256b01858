"""Keyboard focus of the browse screen: the filter or the table."""

from textual.screen import Screen

from snaptui.tui.browse.filter import FilterBar
from snaptui.tui.browse.table import SnapshotTable


class Focus:
    """Gives the keys of a screen to its filter or to its table."""

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen

    def to_filter(self) -> None:
        """Give the keys to the filter."""
        self._screen.query_one(FilterBar).focus_text()

    def to_table(self) -> None:
        """Give the keys to the table."""
        self._screen.set_focus(self._screen.query_one(SnapshotTable))

    def to_table_with(self, text: str) -> None:
        """Put a text in the filter and give the keys to the table."""
        self._screen.query_one(FilterBar).put(text)
        self.to_table()
