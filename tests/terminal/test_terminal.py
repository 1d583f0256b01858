"""snaptui at a real terminal: what a user sees, types and gets."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from snaptui.demo.api import DEMO_TOKEN
from tests.support.server import ScriptedServer

from .conftest import Open

Serve = Callable[..., ScriptedServer]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (30, 8)])
def test_the_demo_opens_browses_and_quits(terminal: Open, size: tuple[int, int]) -> None:
    screen = terminal("--demo", size=size)
    screen.until_text("✓ complete" if size[0] > 30 else "NAME")
    screen.press(*"jj G")
    screen.send("q")
    assert screen.end() == 0
    assert b"\x1b[?1049l" in screen.written


def test_with_a_token_in_the_environment_the_same_command_works(terminal: Open, serve: Serve) -> None:
    server = serve()
    screen = terminal("--api-url", server.url, DIGITALOCEAN_TOKEN=DEMO_TOKEN)
    screen.until_text("✓ complete")
    screen.until_text("team Acme Production")
    assert DEMO_TOKEN.encode() not in bytes(screen.written)
    screen.send("q")
    assert screen.end() == 0


def test_no_name_of_a_snapshot_reaches_the_terminal_as_a_control(terminal: Open) -> None:
    screen = terminal("--demo", size=(200, 50))
    screen.until_text("✓ complete")
    screen.send("/clipboard\r")
    screen.until_text("keys act on ␛]52")
    screen.send("\r")
    screen.until_text("JSON as the API sends it now")
    assert b"\x1b]52" not in bytes(screen.written)
    assert "\u202e".encode() not in bytes(screen.written)


def test_deleting_from_key_to_request(terminal: Open, serve: Serve, isolated_home: Path) -> None:
    folder = isolated_home / ".config" / "snaptui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("grace_seconds = 1")
    server = serve()
    screen = terminal("--api-url", server.url, DIGITALOCEAN_TOKEN=DEMO_TOKEN)
    screen.until_text("✓ complete")
    screen.send("  ")
    screen.until_text("2 marked")
    screen.send("d")
    screen.until_text("type 2 and press Enter")
    screen.send("2\r")
    screen.until_text("did nothing")
    assert server.count("DELETE") == 0
    screen.send("2")
    screen.until_text("Enter: 2")
    screen.until_quiet()
    screen.send("\r")
    screen.until(lambda: len(server.deleted_ids) == 2)
    screen.until_text("deletion ended: 2 of 2")
    screen.send("q")
    assert screen.end() == 0


def test_type_ahead_into_a_terminal_that_is_not_read_deletes_nothing(terminal: Open, serve: Serve) -> None:
    server = serve()
    screen = terminal("--api-url", server.url, DIGITALOCEAN_TOKEN=DEMO_TOKEN)
    screen.until_text("✓ complete")
    screen.send("d1\r")
    screen.until_text("type 1 and press Enter")
    screen.until_text("came before this was drawn")
    assert server.count("DELETE") == 0


def test_resizing_keeps_the_cursor(terminal: Open) -> None:
    screen = terminal("--demo")
    screen.until_text("✓ complete")
    screen.send("jjj")
    screen.until_text("keys act on media-full")
    screen.process.setwinsize(30, 100)
    screen.screen.resize(30, 100)
    screen.until_text("page 1/")
    screen.until_text("keys act on media-full")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it(terminal: Open, number: int) -> None:
    screen = terminal("--demo")
    screen.until_text("✓ complete")
    os.kill(screen.process.pid, number)
    if number == signal.SIGINT:
        screen.send("q")
    screen.end()


def test_without_a_token_it_asks(terminal: Open) -> None:
    screen = terminal()
    screen.until_text("A DigitalOcean API token for api.digitalocean.com")
    screen.send("\x1b")
    screen.until_text("Press T to type one")
    screen.send("q")
    assert screen.end() == 0


def test_a_paste_that_is_not_bracketed_does_nothing_and_says_so(terminal: Open, serve: Serve) -> None:
    server = serve()
    screen = terminal("--api-url", server.url, DIGITALOCEAN_TOKEN=DEMO_TOKEN)
    screen.until_text("✓ complete")
    screen.send("my-daily")
    screen.until_text("came at once, as if pasted, and did nothing")
    assert server.count("DELETE") == 0


def test_forty_held_keys_send_nothing(terminal: Open, serve: Serve) -> None:
    server = serve()
    screen = terminal("--api-url", server.url, DIGITALOCEAN_TOKEN=DEMO_TOKEN)
    screen.until_text("✓ complete")
    screen.send("d" * 40)
    screen.until_text("39 keys came before this was drawn")
    screen.send("\x1b")
    screen.until_text("page 1/")
    assert server.count("DELETE") == 0


def test_a_token_that_was_passed_over_is_said(terminal: Open, serve: Serve) -> None:
    server = serve()
    other = {"DIGITALOCEAN_TOKEN": DEMO_TOKEN, "DIGITALOCEAN_ACCESS_TOKEN": "dop_v1_another"}
    screen = terminal("--api-url", server.url, size=(120, 30), **other)
    screen.until_text("DIGITALOCEAN_ACCESS_TOKEN is set to another token and was not used")
