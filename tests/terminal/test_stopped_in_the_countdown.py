"""Countdown of a process that is stopped, as by a debugger or a suspended container: only time it runs in counts."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from snaptui.demo.api import DEMO_TOKEN
from tests.support.server import ScriptedServer

from .conftest import Open
from .processes import family

Serve = Callable[..., ScriptedServer]
GRACE_SECONDS = 2


def test_a_stop_longer_than_the_countdown_gives_the_whole_countdown_again(
    terminal: Open, serve: Serve, isolated_home: Path
) -> None:
    folder = isolated_home / ".config" / "snaptui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(f"grace_seconds = {GRACE_SECONDS}")
    server = serve(snapshots=40)
    screen = terminal("--api-url", server.url, DIGITALOCEAN_TOKEN=DEMO_TOKEN)
    screen.until_text("✓ complete")
    screen.until_text("team Acme")
    screen.press(*"   ")
    screen.until_text("3 marked")
    screen.press("d")
    screen.until_text("type 3 and press Enter")
    while "Enter: 3" not in screen.text:
        screen.press("3")
        screen.until_quiet()
    screen.press("\r")
    screen.until_text("deleting 3 snapshots in 1 s")
    processes = family(screen.process.pid)
    for pid in processes:
        os.kill(pid, signal.SIGSTOP)
    stopped = time.monotonic()
    screen.until(lambda: time.monotonic() - stopped > GRACE_SECONDS + 0.5)
    for pid in processes:
        os.kill(pid, signal.SIGCONT)
    screen.until_text("deleting 3 snapshots in 2 s")
    screen.press("u")
    screen.until_text("taken back: nothing of 3 was sent")
    assert server.count("DELETE") == 0
    screen.press("q")
    assert screen.end() == 1, "what was confirmed is still there"
    assert server.count("DELETE") == 0
