"""A real process is killed in the middle of a batch; the next one finds out what became of it."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from snaptui.deletion.journal import Journal
from snaptui.demo.api import DEMO_TOKEN
from tests.support.faults import Fault
from tests.support.server import ScriptedServer

from .conftest import Open, Terminal

Serve = Callable[..., ScriptedServer]
ONE = "/v2/snapshots/.+"
PLANNED = 12
"""More than are under way at once."""


def confirmed(terminal: Open, server: ScriptedServer, home: Path, grace_seconds: int = 0) -> Terminal:
    folder = home / ".config" / "snaptui"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(f"grace_seconds = {grace_seconds}")
    screen = terminal("--api-url", server.url, DIGITALOCEAN_TOKEN=DEMO_TOKEN)
    screen.until_text("✓ complete")
    screen.until_text("team Acme")
    screen.press(*" " * PLANNED)
    screen.until_text(f"{PLANNED} marked")
    screen.press("d")
    screen.until_text(f"type {PLANNED} and press Enter")
    _type(screen, str(PLANNED))
    screen.press("\r")
    return screen


def _type(screen: Terminal, number: str) -> None:
    """Type the number as soon as the dialog takes it: before that, keys are dropped."""
    _press_until(screen, number, f"Enter: {number}")


def _press_until(screen: Terminal, key: str, text: str) -> None:
    while text not in screen.text:
        assert screen.process.isalive()
        screen.press(key)
        for _ in range(10):
            screen.read()


def reopened(terminal: Open, server: ScriptedServer, home: Path) -> Terminal:
    server.faults.clear()
    (home / ".config" / "snaptui" / "config.toml").write_text("grace_seconds = 0")
    screen = terminal("--api-url", server.url, DIGITALOCEAN_TOKEN=DEMO_TOKEN, size=(100, 30))
    screen.until_text("was interrupted")
    return screen


def held(method: str) -> Fault:
    return Fault(method, ONE, times=None, hold=Event())


STEPS: dict[str, Callable[[], tuple[Fault, ...]]] = {
    "in the undo window": lambda: (),
    "before the first DELETE is answered": lambda: (held("DELETE"),),
    "after the server acted": lambda: (Fault("DELETE", ONE, skip=2, reset_after=True), held("DELETE")),
    "while looking again": lambda: (Fault("GET", "/v2/snapshots.*", skip=1, times=None, hold=Event()),),
}


# Every signal at every step is run with `-m long`; these are the ones that differ most.
OFTEN = [*((step, signal.SIGKILL) for step in STEPS), ("after the server acted", signal.SIGHUP)]
SELDOM = [(step, number) for step in STEPS for number in (signal.SIGHUP, signal.SIGTERM)]


@pytest.mark.parametrize(
    ("step", "number"), [*OFTEN, *(pytest.param(*case, marks=pytest.mark.long) for case in SELDOM)]
)
def test_nothing_is_lost_and_nothing_is_sent_twice_without_a_look(
    terminal: Open, serve: Serve, isolated_home: Path, step: str, number: signal.Signals
) -> None:
    faults = STEPS[step]()
    server = serve(*faults, snapshots=40)
    screen = confirmed(terminal, server, isolated_home, 0 if faults else 60)
    if not faults:
        screen.until_text(f"deleting {PLANNED} snapshots in")
    else:
        screen.until(lambda: server.faults.wait_taken(0.01))
    os.kill(screen.process.pid, number)
    screen.until(lambda: not screen.process.isalive())
    for fault in faults:
        if fault.hold is not None:
            fault.hold.set()

    (recorded,) = Journal(isolated_home / ".local" / "state" / "snaptui" / "deletions").history()
    planned = {snapshot.id for snapshot in recorded.plan.items} if recorded.plan else set()
    assert len(planned) == PLANNED
    assert set(server.deleted_ids) <= planned
    assert set(server.deleted_ids) <= recorded.intended

    screen = reopened(terminal, server, isolated_home)
    before = len(server.requests)
    left = PLANNED - len(server.deleted_ids)
    if left:
        screen.until_text(f"{left} not deleted")
        _press_until(screen, "r", f"type {left} and press Enter")
        _type(screen, str(left))
        screen.press("\r")
        screen.until(lambda: len(server.deleted_ids) == PLANNED)
        screen.until_text("deletion ended")
    assert sorted(server.deleted_ids) == sorted(planned)
    assert len(server.requests) > before
    screen.press("q")
    assert screen.end() == 0


def test_what_is_forgotten_is_not_offered_again(terminal: Open, serve: Serve, isolated_home: Path) -> None:
    server = serve(snapshots=40)
    screen = confirmed(terminal, server, isolated_home, 60)
    screen.until_text(f"deleting {PLANNED} snapshots in")
    os.kill(screen.process.pid, signal.SIGKILL)
    screen.until(lambda: not screen.process.isalive())
    screen = reopened(terminal, server, isolated_home)
    _press_until(screen, "f", "type forget:")
    screen.press("\x15", *"forget")
    screen.until_text("type forget: forget")
    screen.press("\r")
    screen.until(lambda: "was interrupted" not in screen.text)
    screen.press("q")
    screen.end()
    screen = terminal("--api-url", server.url, DIGITALOCEAN_TOKEN=DEMO_TOKEN)
    screen.until_text("✓ complete")
    assert "interrupted" not in screen.text
    assert server.count("DELETE") == 0
