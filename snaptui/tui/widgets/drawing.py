"""Drawing: calls once there is a frame, and once the terminal shows what a screen has drawn."""

from collections.abc import Callable
from typing import Final, Protocol, runtime_checkable

from textual.app import App
from textual.widget import Widget

LATEST_FRAME_SECONDS: Final = 0.25
"""The first frame is drawn much sooner after the mount."""


@runtime_checkable
class TellsWhenDrawn(Protocol):
    """Interface of an app that knows when the terminal has drawn what it was sent."""

    def when_drawn(self, drawn: Callable[[], object]) -> None:
        """Call `drawn` when the terminal shows all that was drawn before."""
        ...


def after_frame(app: App[int], act: Callable[[], object]) -> None:
    """Call `act` once, after the next frame.

    A screen that a quick key puts on top in that moment keeps Textual's own call back until it is closed: the covered
    one draws no frame. So it is made by the clock then.
    """
    due = [act]

    def call() -> None:
        while due:
            due.pop()()

    app.call_after_refresh(call)
    app.set_timer(LATEST_FRAME_SECONDS, call)


def when_drawn(screen: Widget, drawn: Callable[[], object]) -> None:
    """Call `drawn` when the terminal shows the screen as it is now."""
    screen.call_after_refresh(_ask, screen, drawn)


def _ask(screen: Widget, drawn: Callable[[], object]) -> None:
    app = screen.app
    if isinstance(app, TellsWhenDrawn):
        app.when_drawn(drawn)
