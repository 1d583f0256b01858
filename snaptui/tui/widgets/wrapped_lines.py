"""Wrapped sentences widget: as wide as the terminal and as high as that takes."""

from collections.abc import Sequence

from textual.events import Resize

from snaptui.text.lines import Line, Piece, wrapped
from snaptui.tui.widgets.lines import Lines


class WrappedLines(Lines):
    """Widget that draws sentences, each beginning on a line of its own, one cell from the edge."""

    _sentences: tuple[Line, ...] = ()

    def tell(self, sentences: Sequence[Line]) -> None:
        """Draw these sentences instead."""
        self._sentences = tuple(sentences)
        self._wrap(self.app.size.width)

    def on_resize(self, event: Resize) -> None:
        """Wrap them anew."""
        self._wrap(event.size.width)

    def _wrap(self, width: int) -> None:
        rows = [(Piece(" "), *part) for one in self._sentences for part in wrapped(one, max(8, width - 2))]
        self.styles.height = len(rows)
        self.show(rows)
