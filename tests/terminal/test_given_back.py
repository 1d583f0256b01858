"""The terminal is given back as it was: after leaving on a slow link, and after a kill -9."""

import os
import signal
import sys
import time
from collections.abc import Callable

import pytest

from snaptui.demo.api import DEMO_TOKEN
from tests.support.server import ScriptedServer

from .conftest import PROMPT, Open, Terminal
from .processes import alive, family

Serve = Callable[..., ScriptedServer]
GIVEN_BACK = b"\x1b[?1049l"
ROUND_TRIPS = (0.3, 2.5)
RESCUE = f"""
import os, sys
from snaptui.digitalocean.process.messages import TerminalRescue
from snaptui.digitalocean.process.rescue import rescue
rescue(TerminalRescue({GIVEN_BACK!r}, (os.getpgrp() + int(sys.argv[1]),)), 0)
print("end of the rescue")
"""


class FarTerminal(Terminal):
    """A terminal whose answers take a while; keys do not, so that the shell gets what is late."""

    round_trip_seconds = 0.0

    def __init__(self, arguments: list[str], environment: dict[str, str], size: tuple[int, int]) -> None:
        self._due: list[tuple[float, str]] = []
        super().__init__(arguments, environment, size)

    def _answer(self, data: str) -> None:
        self._due.append((time.monotonic() + self.round_trip_seconds, data))

    def read(self, seconds: float = 0.05) -> bool:
        """Give the answers that are due, and look."""
        while self._due and self._due[0][0] <= time.monotonic():
            self.process.write(self._due.pop(0)[1].encode())
        return super().read(min(seconds, 0.01))

    @property
    def owes_nothing(self) -> bool:
        """True when it has answered everything."""
        return not self._due


@pytest.mark.parametrize("round_trip_seconds", ROUND_TRIPS)
@pytest.mark.parametrize("leave", ["q", "\x1a"], ids=["quit", "suspended"])
def test_late_answers_do_not_land_in_the_shell(
    shell: Open, serve: Serve, round_trip_seconds: float, leave: str
) -> None:
    screen = shell("--api-url", serve().url, kind=FarTerminal, DIGITALOCEAN_TOKEN=DEMO_TOKEN)
    assert isinstance(screen, FarTerminal)
    screen.round_trip_seconds = round_trip_seconds
    screen.until_text("✓ complete")
    screen.send("]")
    screen.until_text("page 2/")
    screen.send("]")
    screen.send(leave)
    screen.until(lambda: screen.written.count(GIVEN_BACK) == 1)
    screen.until(lambda: screen.owes_nothing)
    screen.send("echo on with it\n")
    screen.until(lambda: _after(screen).count(PROMPT) == 2)
    after = _after(screen)
    assert "on with it" in after
    assert "^[[" not in after
    assert "not found" not in after


def _after(screen: Terminal) -> str:
    """Return what was written after the terminal was given back."""
    return bytes(screen.written).rpartition(GIVEN_BACK)[2].decode(errors="replace")


def _killed(screen: Terminal) -> tuple[int, int]:
    """Return the number of the process with the screen, and that of its client."""
    (main,) = family(screen.process.pid) - {screen.process.pid} - _clients(screen)
    (client,) = _clients(screen)
    return main, client


def _clients(screen: Terminal) -> set[int]:
    children = family(screen.process.pid) - {screen.process.pid}
    return {pid for pid in children if not family(pid) - {pid}}


def test_after_the_process_with_the_screen_is_killed_the_terminal_is_as_it_was(shell: Open) -> None:
    screen = shell("--demo")
    screen.until_text("✓ complete")
    screen.until_quiet()
    main, client = _killed(screen)
    os.kill(main, signal.SIGKILL)
    screen.until(lambda: GIVEN_BACK in screen.written)
    screen.until(lambda: b"Killed" in screen.written)
    screen.send("stty -a\n")
    screen.until(lambda: b" echo " in screen.written and b" icanon " in screen.written)
    screen.until(lambda: not alive({client}))
    for mode in (b"\x1b[?25h", b"\x1b[?7h", b"\x1b[?2004l", b"\x1b[?1000l", b"\x1b[<u"):
        assert mode in screen.written


@pytest.mark.parametrize(("others", "written"), [(0, True), (1, False)], ids=["of ours", "another"])
def test_a_program_that_has_the_terminal_by_then_is_left_alone(others: int, written: bool) -> None:
    # Without the screen: when that is killed, the kernel wakes a client that a test has stopped (setpgid(2)).
    screen = Terminal([sys.executable, "-c", RESCUE, str(others)], {}, (80, 24))
    screen.until(lambda: b"end of the rescue" in screen.written)
    screen.close()
    assert (GIVEN_BACK in screen.written) is written


def test_while_it_is_suspended_being_killed_changes_nothing(shell: Open) -> None:
    screen = shell("--demo")
    screen.until_text("✓ complete")
    screen.until_quiet()
    main, client = _killed(screen)
    screen.send("\x1a")
    screen.until(lambda: b"Stopped" in screen.written)
    written = screen.written.count(GIVEN_BACK)
    os.kill(main, signal.SIGKILL)
    screen.until(lambda: not alive({client}))
    screen.until_quiet()
    assert screen.written.count(GIVEN_BACK) == written
