"""An application that shows one screen, with the real sheet and the real handling of keys, and keeps its answer."""

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from textual.driver import Driver
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot
from textual.reactive import Reactive
from textual.screen import Screen
from textual.theme import Theme
from textual.widgets import Input

import snaptui.tui
from snaptui.config.settings import DEFAULT_THEME
from snaptui.tui.keys.one_key import OneKeyAtATime
from snaptui.tui.theme import THEMES
from snaptui.tui.widgets.armed_screen import ArmedScreen
from snaptui.tui.widgets.lines import Lines

Result = TypeVar("Result")
PATIENCE = 500


class Stage(OneKeyAtATime, Generic[Result]):
    """Shows a screen; `answers` has what it was left with. `draw` says that the terminal has drawn everything."""

    CSS_PATH = Path(snaptui.tui.__file__).with_name("app.tcss")
    theme: Reactive[str] = Reactive(DEFAULT_THEME, init=False)

    def __init__(self, shown: Screen[Result], driver: type[Driver] = HeadlessDriver) -> None:
        super().__init__(driver)
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-roomy")]
        self.shown = shown
        self.answers: list[Result | None] = []
        self.waiting: list[Callable[[], object]] = []

    @property
    def available_themes(self) -> dict[str, Theme]:
        return THEMES

    def on_mount(self) -> None:
        self.push_screen(self.shown, self.answers.append)

    def say_dropped(self, text: str) -> None:
        raise AssertionError(f"the screen was to say: {text}")

    def when_drawn(self, drawn: Callable[[], object]) -> None:
        self.waiting.append(drawn)

    def draw(self) -> None:
        """Tell whoever waits for it that the terminal has drawn everything."""
        waiting, self.waiting = self.waiting, []
        for drawn in waiting:
            drawn()

    def plain(self, selector: str) -> str:
        """The text of a widget."""
        return self.shown.query_one(selector, Lines).plain

    def typed(self, selector: str) -> str:
        """Return the text of a field."""
        return self.shown.query_one(selector, Input).value


async def until(pilot: Pilot[int], fact: Callable[[], bool]) -> None:
    """Wait until something is so."""
    for _ in range(PATIENCE):
        if fact():
            return
        await pilot.pause(0.01)
    raise AssertionError("it never came about")


async def armed(pilot: Pilot[int], stage: Stage[Result]) -> None:
    """Let the terminal draw, and wait until the screen takes keys."""
    screen = stage.shown
    assert isinstance(screen, ArmedScreen)
    await until(pilot, lambda: bool(stage.waiting))
    stage.draw()
    await until(pilot, lambda: screen.armed)
