"""Drawing: a call once the terminal shows what a screen has drawn."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from textual.widget import Widget


@runtime_checkable
class TellsWhenDrawn(Protocol):
    """Interface of an app that knows when the terminal has drawn what it was sent."""

    def when_drawn(self, drawn: Callable[[], object]) -> None:
        """Call `drawn` when the terminal shows all that was drawn before."""
        ...


def when_drawn(screen: Widget, drawn: Callable[[], object]) -> None:
    """Call `drawn` when the terminal shows the screen as it is now."""
    screen.call_after_refresh(_ask, screen, drawn)


def _ask(screen: Widget, drawn: Callable[[], object]) -> None:
    app = screen.app
    if isinstance(app, TellsWhenDrawn):
        app.when_drawn(drawn)
