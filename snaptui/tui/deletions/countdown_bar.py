"""Countdown bar: draws countdown and progress of batches on the screens that cover the list.

Under the list itself it is `browse/deletion_bar`.
"""

from collections.abc import Sequence

from textual.geometry import Size

from snaptui.text.lines import Line, fit, problem_line
from snaptui.tui.deletions.standing import Standing
from snaptui.tui.deletions.words import bar_line
from snaptui.tui.widgets.lines import Lines


class DeletionBar(Lines):
    """The bar of a screen that covers the list. `way_to_u` is what has to be pressed there before `u`."""

    _standings: tuple[Standing, ...] = ()
    at = 0.0
    _said: Line = ()
    way_to_u = ""

    @property
    def standings(self) -> tuple[Standing, ...]:
        """The batches by the newest message."""
        return self._standings

    @property
    def height(self) -> int:
        """The number of lines that the bar takes."""
        return int(bool(self._standings or self._said))

    def tell(self, standings: Sequence[Standing], at: float) -> bool:
        """Show how the batches stand at a moment (Unix seconds); returns whether the bar came or went."""
        return self._become(tuple(standings), at, ())

    def refuse(self, reason: str) -> bool:
        """Say why nothing was taken back, until there is something new; returns whether the bar came."""
        return self._become(self._standings, self.at, problem_line(reason))

    def _become(self, standings: tuple[Standing, ...], at: float, said: Line) -> bool:
        before = self.height
        self._standings, self.at, self._said = standings, at, said
        self.set_class(bool(self.height), "-busy")
        self.show(self._lines_for(self.size.width or self.app.size.width))
        return self.height != before

    def lay_out(self, size: Size) -> None:
        """Write the line for the new width."""
        self._lines = self._lines_for(size.width)

    def _lines_for(self, width: int) -> tuple[Line, ...]:
        told = fit(self._said, width) if self._said else bar_line(self._standings, self.at, width, self.way_to_u)
        return (told,)
