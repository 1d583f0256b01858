"""A real process is killed in the middle of a batch; the next one finds out what became of it."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from snaptui.deletion.journal import Journal
from snaptui.demo.api import DEMO_TOKEN
from snaptui.demo.faults import Fault
from snaptui.demo.server import DemoServer

from .conftest import Open, Terminal

Serve = Callable[..., DemoServer]
ONE = "/v2/snapshots/.+"


def confirmed(terminal: Open, server: DemoServer, home: Path, grace_seconds: int = 0) -> Terminal:
    folder = home / ".config" / "snaptui"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(f"grace_seconds = {grace_seconds}")
    screen = terminal("--api-url", server.url, DIGITALOCEAN_TOKEN=DEMO_TOKEN)
    screen.until_text("✓ complete")
    screen.until_text("team Acme")
    screen.press(*"      ")
    screen.until_text("6 marked")
    screen.press("d")
    screen.until_text("type 6 and press Enter")
    while "6" not in screen.text.rpartition("Enter: ")[2]:
        screen.press("6")
        assert screen.process.isalive()
    screen.until(lambda: "Enter: 6" in screen.text)
    screen.press("\r")
    return screen


def reopened(terminal: Open, server: DemoServer) -> Terminal:
    server.faults.clear()
    screen = terminal("--api-url", server.url, DIGITALOCEAN_TOKEN=DEMO_TOKEN, size=(100, 30))
    screen.until_text("was interrupted")
    return screen


STEPS = {
    "in the undo window": (None, 60),
    "before the first DELETE is answered": (Fault("DELETE", ONE, times=None, hold=Event()), 0),
    "after the server acted": (Fault("DELETE", ONE, skip=2, times=None, reset_after=True), 0),
    "while looking again": (Fault("GET", ONE, times=None, hold=Event()), 0),
}


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM], ids=lambda s: s.name)
@pytest.mark.parametrize("step", STEPS)
def test_nothing_is_lost_and_nothing_is_sent_twice_without_a_look(
    terminal: Open, serve: Serve, isolated_home: Path, number: signal.Signals, step: str
) -> None:
    fault, grace_seconds = STEPS[step]
    server = serve(*([fault] if fault else []), snapshots=40)
    screen = confirmed(terminal, server, isolated_home, grace_seconds)
    if fault is None:
        screen.until_text("deleting 6 snapshots in")
    else:
        screen.until(lambda: server.faults.wait_taken(0.01))
    os.kill(screen.process.pid, number)
    screen.until(lambda: not screen.process.isalive())
    if fault is not None and fault.hold is not None:
        fault.hold.set()

    (recorded,) = Journal(isolated_home / ".local" / "state" / "snaptui" / "deletions").history()
    planned = {snapshot.id for snapshot in recorded.plan.items} if recorded.plan else set()
    assert len(planned) == 6
    assert set(server.deleted_ids) <= planned
    assert set(server.deleted_ids) <= set(recorded.intents)

    screen = reopened(terminal, server)
    before = len(server.requests)
    left = 6 - len(server.deleted_ids)
    if left:
        screen.until_text(f"{left} not deleted")
        screen.press("r")
        screen.until_text(f"type {left} and press Enter")
        while f"Enter: {left}" not in screen.text:
            screen.press(str(left))
        screen.press("\r")
        screen.until(lambda: len(server.deleted_ids) == 6)
        screen.until_text("deletion ended")
    assert sorted(server.deleted_ids) == sorted(planned)
    assert len(server.requests) > before
    screen.press("q")
    assert screen.end() == 0


def test_what_is_forgotten_is_not_offered_again(terminal: Open, serve: Serve, isolated_home: Path) -> None:
    server = serve(snapshots=40)
    screen = confirmed(terminal, server, isolated_home, 60)
    screen.until_text("deleting 6 snapshots in")
    os.kill(screen.process.pid, signal.SIGKILL)
    screen.until(lambda: not screen.process.isalive())
    screen = reopened(terminal, server)
    screen.press("f")
    screen.until(lambda: "was interrupted" not in screen.text)
    screen.press("q")
    screen.end()
    screen = terminal("--api-url", server.url, DIGITALOCEAN_TOKEN=DEMO_TOKEN)
    screen.until_text("✓ complete")
    assert "interrupted" not in screen.text
    assert server.count("DELETE") == 0
