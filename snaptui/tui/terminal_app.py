"""What an application has to do with the terminal: what it shows, how it goes away, what is left on it."""

import asyncio
import signal
from collections.abc import Callable

from snaptui.terminal.driver import CellDriver
from snaptui.terminal.stats import Stats
from snaptui.tui.keys.one_key import OneKeyAtATime


class TerminalApp(OneKeyAtATime):
    """Knows what the terminal has drawn, ends in order when it is gone, and crashes without telling secrets."""

    def when_drawn(self, drawn: Callable[[], object]) -> None:
        """Call `drawn` when the terminal shows everything that was sent so far."""
        if isinstance(self._driver, CellDriver):
            self._driver.fence(lambda _: self.call_later(drawn))
        else:
            drawn()  # there is no terminal

    def action_redraw(self) -> None:
        """Draw everything anew, after something else has written to the terminal."""
        if isinstance(self._driver, CellDriver):
            self._driver.redraw()
        self.screen.refresh()

    @property
    def stats(self) -> Stats | None:
        """What drawing on the terminal has cost."""
        return self._driver.stats if isinstance(self._driver, CellDriver) else None

    def end_on_signals(self) -> None:
        """End in order when the terminal goes away or the system asks: nothing more is sent, nothing is lost."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, lambda: self.run_worker(self.interrupt()))

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
