"""Deletion in a real terminal: what cannot be seen cannot be confirmed, and `u` works where the countdown is shown."""

import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from snaptui.demo.api import DEMO_TOKEN
from tests.support.server import ScriptedServer

from .conftest import Open, Terminal

Serve = Callable[..., ScriptedServer]


def opened(terminal: Open, server: ScriptedServer, home: Path, *, grace: int = 300) -> Terminal:
    folder = home / ".config" / "snaptui"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(f"grace_seconds = {grace}")
    return terminal("--api-url", server.url, size=(80, 24), DIGITALOCEAN_TOKEN=DEMO_TOKEN)


def press_until(screen: Terminal, key: str, text: str) -> None:
    """Press a key again and again until the screen shows a text: keys are dropped before a dialog is seen."""
    while text not in screen.text:
        assert screen.process.isalive()
        screen.press(key)
        screen.until_quiet()


def confirmed(screen: Terminal) -> None:
    screen.until_text("✓ complete")
    screen.until_text("team Acme")
    screen.press(*"   ")
    screen.until_text("3 marked")
    screen.press("d")
    screen.until_text("type 3 and press Enter")
    press_until(screen, "3", "Enter: 3")
    screen.press("\r")
    screen.until_text("u takes it back")


def test_a_terminal_shrunk_over_the_review_takes_no_number(terminal: Open, serve: Serve, isolated_home: Path) -> None:
    server = serve(snapshots=40)
    screen = opened(terminal, server, isolated_home)
    screen.until_text("✓ complete")
    screen.press(*"   ")
    screen.until_text("3 marked")
    screen.press("d")
    screen.until_text("type 3 and press Enter")
    press_until(screen, "3", "Enter: 3")
    for size in ((15, 3), (80, 4), (80, 1)):
        screen.resize(*size)
        screen.until_text("too small")
        screen.press("3", "\r")
        screen.until_quiet()
        assert "too small" in screen.text
    screen.resize(80, 24)
    screen.until_text("type 3 and press Enter")
    assert "Enter: 3" not in screen.text
    screen.press("\x1b")
    screen.until_text("3 marked")
    screen.press("q")
    assert screen.end() == 0
    assert server.count("DELETE") == 0


@pytest.mark.parametrize("key", ["\r", "l", "?"])
def test_u_takes_back_on_the_screens_over_the_list(terminal: Open, serve: Serve, isolated_home: Path, key: str) -> None:
    server = serve(snapshots=40)
    screen = opened(terminal, server, isolated_home)
    confirmed(screen)
    screen.press(key)
    screen.until(lambda: "3 marked" not in screen.text and "takes it back" in screen.text)
    screen.until_quiet()
    screen.press("u")
    screen.until_text("taken back")
    screen.press("\x1b")
    screen.until_text("nothing marked")
    screen.press("q")
    assert screen.end() == 1, "what was confirmed is still there"
    assert server.count("DELETE") == 0


def test_a_filter_typed_at_the_start_does_not_answer_the_offer_of_an_interrupted_batch(
    terminal: Open, serve: Serve, isolated_home: Path
) -> None:
    server = serve(snapshots=40)
    screen = opened(terminal, server, isolated_home)
    confirmed(screen)
    os.kill(screen.process.pid, signal.SIGKILL)
    screen.until(lambda: not screen.process.isalive())
    screen = opened(terminal, server, isolated_home)
    screen.until_text("snaptui")
    screen.press("/", *"forfeit", "\r")
    screen.until_text("was interrupted")
    screen.until_text("3 not deleted")
    press_until(screen, "f", "type forget:")
    screen.press("\r")
    screen.until_text("nothing was forgotten")
    screen.press("\x1b")
    screen.until_text("No snapshot matches")
    screen.press("q")
    screen.end()
    screen = opened(terminal, server, isolated_home)
    screen.until_text("was interrupted")
    screen.until_text("3 not deleted")


# The limit of a running process can be changed from outside on Linux only.
@pytest.mark.parametrize("limit_size", [resource.prlimit] if hasattr(resource, "prlimit") else [])
def test_a_full_disk_is_said_pauses_nothing_for_good_and_p_pauses_it_meanwhile(
    terminal: Open, serve: Serve, isolated_home: Path, limit_size: Callable[[int, int, tuple[int, int]], object]
) -> None:
    server = serve(snapshots=40)
    screen = opened(terminal, server, isolated_home, grace=4)
    confirmed(screen)
    full, empty = (0, resource.RLIM_INFINITY), (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    limit_size(screen.process.pid, resource.RLIMIT_FSIZE, full)
    screen.until_text("the journal cannot be written, waiting: 0 of 3")
    assert server.count("DELETE") == 0
    screen.press("l")
    screen.until_text("File too large")
    assert "it goes on by itself" in screen.text
    assert "blocked" in screen.text
    screen.press("p")
    screen.until_text("paused")
    limit_size(screen.process.pid, resource.RLIMIT_FSIZE, empty)
    screen.until(lambda: "File too large" not in screen.text)
    assert "p go on" in screen.text
    assert server.count("DELETE") == 0
    limit_size(screen.process.pid, resource.RLIMIT_FSIZE, full)
    screen.press("p")
    screen.until_text("it goes on by itself")
    assert server.count("DELETE") == 0
    limit_size(screen.process.pid, resource.RLIMIT_FSIZE, empty)
    screen.until_text("3 of 3")
    screen.press("\x1b")
    screen.until_text("dearest first")  # with q too close behind it, Esc would be Alt
    screen.press("q")
    assert screen.end() == 0
    assert server.count("DELETE") == 3
