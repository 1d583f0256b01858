"""A terminal that vanishes, in whatever way and whenever, takes every process with it and deletes nothing."""

import itertools
import os
import random
import shlex
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from snaptui.demo.api import DEMO_TOKEN
from tests.support.server import ScriptedServer

from .conftest import Open, Terminal
from .processes import alive, busy_machine, family

Serve = Callable[..., ScriptedServer]
MOST_SECONDS = 15.0
SOAK = 200
BUSY_PROCESSES = 3


def _hang_up(screen: Terminal) -> None:
    screen.process.fileobj.close()
    screen.process.closed = True
    screen.process.fd = -1


def _signal(number: int) -> Callable[[Terminal], None]:
    def send(screen: Terminal) -> None:
        os.kill(screen.process.pid, number)

    return send


def _continue_after_hangup(screen: Terminal) -> None:
    """Do as the kernel does to a stopped job: SIGHUP, then SIGCONT, and no terminal."""
    _signal(signal.SIGHUP)(screen)
    _signal(signal.SIGCONT)(screen)
    _hang_up(screen)


WAYS: dict[str, Callable[[Terminal], None]] = {
    "the terminal closes": _hang_up,
    "SIGHUP": _signal(signal.SIGHUP),
    "SIGTERM": _signal(signal.SIGTERM),
    "SIGINT": _signal(signal.SIGINT),
    "SIGKILL": _signal(signal.SIGKILL),
    "SIGHUP, SIGCONT and no terminal": _continue_after_hangup,
}


def _loading(screen: Terminal) -> None:
    screen.until_text("NAME")


def _browsing(screen: Terminal) -> None:
    screen.until_text("✓ complete")
    screen.send("jjj]")


def _reviewing(screen: Terminal) -> None:
    screen.until_text("✓ complete")
    screen.until_text("team Acme")
    screen.send("  d")
    screen.until_text("No undo")


def _in_grace(screen: Terminal) -> None:
    _reviewing(screen)
    screen.until_quiet(0.6)
    screen.press("2")
    screen.until_text("Enter: 2")
    screen.until_quiet()
    screen.press("\r")
    screen.until_text("deleting 2 snapshots in")


MOMENTS: dict[str, Callable[[Terminal], None]] = {
    "loading": _loading,
    "browsing": _browsing,
    "review": _reviewing,
    "grace": _in_grace,
}
CASES = [(moment, way, mouse) for moment, way, mouse in itertools.product(MOMENTS, WAYS, ("--mouse", "--no-mouse"))]


def _closed(terminal: Open, server: ScriptedServer, moment: str, way: str, mouse: str, state: Path) -> set[int]:
    """Open it, close it, and return what is left of it after a while; `state` is the folder for its journal."""
    screen = terminal(
        "--api-url", server.url, mouse, DIGITALOCEAN_TOKEN=DEMO_TOKEN, XDG_STATE_HOME=str(state / "state")
    )
    MOMENTS[moment](screen)
    pids = family(screen.process.pid)
    WAYS[way](screen)
    return _left(screen, pids)


def _left(screen: Terminal, pids: set[int]) -> set[int]:
    """Return those that are left after a while, and end them."""
    deadline = time.monotonic() + MOST_SECONDS
    while (left := alive(pids)) and time.monotonic() < deadline:
        if screen.process.fd >= 0:
            screen.read()
        screen.process.isalive()
        time.sleep(0.02)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    return left


TMUX_WAYS: dict[str, tuple[str, ...]] = {
    "tmux closes the pane": ("kill-pane",),
    "tmux closes the window in the background": ("new-window", "kill-window -t :0"),
    "tmux ends": ("kill-server",),
}
TMUX_CASES = [
    (moment, way, mouse) for moment, way, mouse in itertools.product(MOMENTS, TMUX_WAYS, ("--mouse", "--no-mouse"))
]


def _closed_in_tmux(command: str, server: ScriptedServer, moment: str, way: str, mouse: str, state: Path) -> set[int]:
    """Do the same in a pane of a tmux of its own."""
    state.mkdir()
    tmux = ["tmux", "-u", "-f", os.devnull, "-S", str(state / "tmux")]
    inner = shlex.join([command, "--api-url", server.url, mouse])
    arguments = [*tmux, "new-session", inner, ";", "set", "status", "off"]
    environment = {"DIGITALOCEAN_TOKEN": DEMO_TOKEN, "XDG_STATE_HOME": str(state / "state"), "TMUX": ""}
    screen = Terminal(arguments, environment, (80, 24))
    try:
        MOMENTS[moment](screen)
        panes = _tmux(tmux, "list-panes", "-F", "#{pane_pid}").split()
        pids = set().union(*(family(int(pane)) for pane in panes))
        assert len(pids) > 1, "the screen and its client"
        for words in TMUX_WAYS[way]:
            _tmux(tmux, *words.split())
        return _left(screen, pids)
    finally:
        subprocess.run([*tmux, "kill-server"], capture_output=True, check=False)
        screen.close()


def _tmux(tmux: list[str], *words: str) -> str:
    return subprocess.run([*tmux, *words], capture_output=True, text=True, check=True).stdout


def _setting(home: Path) -> None:
    folder = home / ".config" / "snaptui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("grace_seconds = 60")


@pytest.mark.parametrize(
    ("moment", "way", "mouse"),
    [
        ("browsing", "the terminal closes", "--mouse"),
        ("review", "SIGHUP, SIGCONT and no terminal", "--mouse"),
        ("grace", "the terminal closes", "--no-mouse"),
        ("loading", "SIGTERM", "--mouse"),
        ("browsing", "SIGINT", "--no-mouse"),
        ("grace", "SIGKILL", "--mouse"),
    ],
)
def test_on_a_busy_machine_no_process_outlives_its_terminal(
    terminal: Open, serve: Serve, isolated_home: Path, moment: str, way: str, mouse: str
) -> None:
    server = serve(latency_seconds=0.02)
    _setting(isolated_home)
    with busy_machine(BUSY_PROCESSES):
        assert _closed(terminal, server, moment, way, mouse, isolated_home) == set()
    assert server.count("DELETE") == 0


@pytest.mark.long
@pytest.mark.timeout(1_200)
def test_of_200_closings_of_every_kind_on_a_busy_machine_nothing_is_left(
    terminal: Open, command: str, serve: Serve, isolated_home: Path
) -> None:
    server = serve(latency_seconds=0.02)
    _setting(isolated_home)
    cases = list(itertools.islice(itertools.cycle([*CASES, *TMUX_CASES]), SOAK))
    random.Random(7).shuffle(cases)
    left: list[tuple[str, str, str]] = []
    with busy_machine(BUSY_PROCESSES):
        for number, case in enumerate(cases):
            state = isolated_home / str(number)
            in_tmux = case in TMUX_CASES
            if _closed_in_tmux(command, server, *case, state) if in_tmux else _closed(terminal, server, *case, state):
                left.append(case)
    assert left == []
    assert server.count("DELETE") == 0


class ReadingNothing(Terminal):
    """A terminal that takes no byte any more once it is told so."""

    stuck = False

    def read(self, seconds: float = 0.05) -> bool:
        """Take nothing when stuck."""
        if not self.stuck:
            return super().read(seconds)
        time.sleep(min(seconds, 0.01))
        return False


def test_a_terminal_that_takes_nothing_any_more_does_not_keep_a_signal_waiting(terminal: Open, serve: Serve) -> None:
    screen = terminal("--api-url", serve().url, kind=ReadingNothing, DIGITALOCEAN_TOKEN=DEMO_TOKEN, size=(200, 50))
    screen.until_text("✓ complete")
    assert isinstance(screen, ReadingNothing)
    screen.stuck = True
    for _ in range(60):
        screen.send("]")
        screen.send("[")
    pids = family(screen.process.pid)
    os.kill(screen.process.pid, signal.SIGTERM)
    screen.until(lambda: not screen.process.isalive())
    assert alive(pids) == set()
