"""Terminal part of the application: fences, signals, suspend, crash, and the background's colour."""

import asyncio
import os
from collections.abc import Callable

from rich.console import Console
from textual.driver import Driver
from textual.geometry import Offset

from snaptui.digitalocean.process.messages import TerminalRescue
from snaptui.terminal import job_control
from snaptui.terminal.description import describe
from snaptui.terminal.driver import CellDriver
from snaptui.terminal.end_signals import EndSignals
from snaptui.terminal.modes import Taken
from snaptui.terminal.stats import Stats
from snaptui.terminal.typed import BackgroundNamed
from snaptui.tui.keys.one_key import OneKeyAtATime
from snaptui.tui.widgets.cursor_place import cursor_place


class TerminalApp(OneKeyAtATime):
    """App that knows what the terminal has drawn, ends in order when it is gone, and tells no secrets in a crash."""

    def __init__(self, driver: type[Driver]) -> None:
        super().__init__(driver)
        self._asked_background = False
        colours = describe(os.environ).color_system
        if colours is not None and self.console.color_system == "standard":
            # Rich goes by the name in TERM; terminfo knows better.
            self.console = Console(
                color_system="256", file=self.console.file, force_terminal=True, legacy_windows=False
            )

    @property
    def _terminal(self) -> CellDriver | None:
        """The driver of the terminal; `None` where there is none."""
        return self._driver if isinstance(self._driver, CellDriver) else None

    @property
    def cursor_position(self) -> Offset:
        """Place of the terminal's own cursor, as of the frame that is being drawn."""
        return cursor_place(self.screen)

    @cursor_position.setter
    def cursor_position(self, place: Offset) -> None:
        """Ignore what Textual's fields say: they say it when keys move the cursor, not when the field moves."""

    def when_drawn(self, drawn: Callable[[], object]) -> None:
        """Call `drawn` when the terminal shows everything that was sent so far."""
        if self._terminal is None:
            drawn()
        else:
            self._terminal.fence(lambda _: self.call_later(drawn))

    def action_redraw(self) -> None:
        """Draw everything anew, after something else has written to the terminal or has reset it."""
        if self._terminal is not None:
            self._terminal.redraw()
        self.screen.refresh()

    def ask_background(self) -> None:
        """Ask the terminal for its background; whenever it answers, the theme becomes dark or light."""
        if self._terminal is not None:
            self._asked_background = True
            self._terminal.ask_background()

    def on_background_named(self, event: BackgroundNamed) -> None:
        """Take the theme that goes with the terminal's background, if it was asked for."""
        if self._asked_background:
            self.theme = "dark" if event.is_dark else "light"

    def action_suspend_process(self) -> None:
        """Stop, unless nobody could continue it: then say why."""
        reason = job_control.why_not_to_stop()
        if reason is not None:
            self._say(reason)
        elif self._terminal is not None:
            self._terminal.suspend()

    def entrust_terminal(self, entrust: Callable[[TerminalRescue], object]) -> None:
        """Have somebody else give the terminal back, should this process be killed."""
        terminal = self._terminal
        if terminal is None:
            return

        def taken(now: Taken | None) -> None:
            groups = (os.getpgrp(), os.getpgid(os.getppid()))  # a shell may have noticed already
            entrust(TerminalRescue(now.rescue, groups, now.attributes, now.raw_attributes) if now else TerminalRescue())

        terminal.taken = taken
        taken(terminal.taken_now)

    @property
    def stats(self) -> Stats | None:
        """The cost of drawing on the terminal so far; `None` without one."""
        return None if self._terminal is None else self._terminal.stats

    def end_on_signals(self) -> None:
        """End in order when the terminal goes away or the system asks: nothing more is sent, nothing is lost."""
        loop = asyncio.get_running_loop()

        def end(_number: int) -> None:
            if self._terminal is not None:
                self._terminal.lose()
            # A signal comes anywhere in the loop, also while it sleeps: only this call wakes it.
            if not loop.is_closed():
                loop.call_soon_threadsafe(lambda: self.run_worker(self.interrupt()))

        EndSignals(end)

    async def interrupt(self) -> None:
        """End; the subclass says how."""
        raise NotImplementedError

    def _fatal_error(self) -> None:
        """Show a crash without the values of variables, as Textual would: a token could be among them."""
        from rich.console import Group
        from rich.segment import Segments
        from rich.text import Text
        from rich.traceback import Traceback

        said = Text("snaptui crashed. Nothing more will be deleted. Please report what stands above.")
        report = Group(Traceback(show_locals=False, width=None), said)
        self._exit_renderables.append(Segments(self.console.render(report, self.console.options)))
        self._close_messages_no_wait()
