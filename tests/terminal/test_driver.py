"""The driver in a real terminal: suspended, resized, mute, scribbled over, and on request plain."""

import os
import re
import signal
import time
from collections.abc import Callable

import pytest

from snaptui.demo.api import DEMO_TOKEN
from tests.support.server import ScriptedServer

from .conftest import Open, Terminal, picture

Serve = Callable[..., ScriptedServer]
START_UP_REQUESTS = 7
MUTE_SECONDS = 2.0
PROMPT_SECONDS = 1.0
MOUSE_MODES = (b"\x1b[?1000h", b"\x1b[?1006h")
MODES_NOT_USED = (b"\x1b[?1002h", b"\x1b[?1003h", b"\x1b[?1004h", b"\x1b[?1015h", b"\x1b[?2048h")
NOISE = {
    "text": b"\x1b[5;10H\x1b[31mBroadcast message from root\x1b[2;1H\x1b[J\x1b[3Lkernel: oops\r\n\n\n",
    "a scroll region": b"\x1b[5;20r",
    "places from a corner of their own": b"\x1b[5;15r\x1b[?6h",
    "letters that push others aside": b"\x1b[4h",
    "line drawing": b"\x1b(0",
}


class MuteTerminal(Terminal):
    """A terminal that never says where its cursor is."""

    def _answer(self, data: str) -> None:
        pass


def _opened(
    terminal: Open, server: ScriptedServer, *options: str, size: tuple[int, int] = (80, 24), **environment: str
) -> Terminal:
    screen = terminal("--api-url", server.url, *options, size=size, DIGITALOCEAN_TOKEN=DEMO_TOKEN, **environment)
    screen.until_text("✓ complete")
    screen.until(lambda: server.count("GET") == START_UP_REQUESTS)
    screen.until_quiet()
    return screen


def _stopped(screen: Terminal) -> bool:
    pid, status = os.waitpid(screen.process.pid, os.WNOHANG | os.WUNTRACED)
    return pid == screen.process.pid and os.WIFSTOPPED(status)


def test_stopped_without_notice_it_draws_everything_again(terminal: Open, serve: Serve) -> None:
    screen = _opened(terminal, serve())
    before = screen.cells
    os.kill(screen.process.pid, signal.SIGSTOP)
    screen.until(lambda: _stopped(screen))
    screen.show(b"\x1b[H\x1b[2J$ fg\r\n")
    os.kill(screen.process.pid, signal.SIGCONT)
    screen.until(lambda: screen.cells == before)
    screen.send("j")
    screen.until_text("keys act on shop-legacy")


@pytest.mark.parametrize("size", [(120, 40), (50, 12)], ids="{0[0]}x{0[1]}".format)
def test_resized_in_use_it_shows_what_it_shows_when_opened_so(
    terminal: Open, serve: Serve, size: tuple[int, int]
) -> None:
    opened_so, screen = _opened(terminal, serve(), size=size), _opened(terminal, serve())
    for some in (opened_so, screen):
        some.send("jj ")
    screen.resize(*size)
    opened_so.until_text("1 marked")
    opened_so.until_quiet()
    screen.until(lambda: picture(screen) == picture(opened_so))


def test_the_plain_driver_shows_the_same_with_more_bytes_and_stats_say_so(terminal: Open, serve: Serve) -> None:
    cells, plain = _opened(terminal, serve(), "--stats"), _opened(terminal, serve(), "--stats", "--driver", "plain")
    for screen in (cells, plain):
        screen.send("jj]")
        screen.until_text("page 2/22")
        screen.send(" ")
        screen.until_text("1 marked")
        screen.until_quiet()
    assert picture(cells) == picture(plain)
    sent = []
    for screen in (cells, plain):
        screen.send("q")
        assert screen.end() == 0
        said = re.search(r"snaptui: ([\d,]+) bytes sent.*; the terminal answered in [\d.]+ ms", screen.written.decode())
        assert said is not None
        sent.append(int(said[1].replace(",", "")))
    assert sent[1] > 2 * sent[0]
    assert re.search(r"in \d+ frames, of [\d,]+ drawn", cells.written.decode())


@pytest.mark.parametrize(
    ("options", "connection", "is_on"),
    [((), "", True), ((), "10.0.0.1 5022 10.0.0.2 22", False), (("--mouse",), "10.0.0.1 5022 10.0.0.2 22", True)],
    ids=["here", "over SSH", "over SSH when asked for"],
)
def test_the_mouse_is_reported_where_it_is_wanted(
    terminal: Open, serve: Serve, options: tuple[str, ...], connection: str, is_on: bool
) -> None:
    screen = _opened(terminal, serve(), *options, SSH_CONNECTION=connection)
    assert [mode in screen.written for mode in MOUSE_MODES] == [is_on] * len(MOUSE_MODES)
    assert not any(mode in screen.written for mode in MODES_NOT_USED)


def test_a_terminal_that_never_answers_gets_everything_after_two_seconds(terminal: Open, serve: Serve) -> None:
    screen = terminal("--api-url", serve().url, kind=MuteTerminal, DIGITALOCEAN_TOKEN=DEMO_TOKEN)
    screen.until_text("snaptui")
    first = time.monotonic()
    screen.until_text("✓ complete")
    screen.send("]")
    screen.until_text("page 2/22")
    assert time.monotonic() - first < MUTE_SECONDS + PROMPT_SECONDS
    for page in range(3, 6):
        pressed = time.monotonic()
        screen.send("]")
        screen.until_text(f"page {page}/22")
        assert time.monotonic() - pressed < PROMPT_SECONDS
    screen.send("q")
    assert screen.end() == 0


@pytest.mark.parametrize("options", [(), ("--driver", "plain")], ids=["cells", "plain"])
@pytest.mark.parametrize("noise", NOISE, ids=list(NOISE))
def test_what_something_else_has_done_to_the_terminal_is_mended_on_request(
    terminal: Open, serve: Serve, noise: str, options: tuple[str, ...]
) -> None:
    witness, screen = _opened(terminal, serve(), *options), _opened(terminal, serve(), *options)
    screen.show(NOISE[noise])
    screen.send("\x0c")
    screen.until(lambda: picture(screen) == picture(witness))
    for keys in ("jjj", "]", " ", "G"):
        for each in (witness, screen):
            each.send(keys)
            each.until_quiet()
        screen.until(lambda: picture(screen) == picture(witness))


def test_the_key_after_leaving_the_review_acts_at_once(terminal: Open, serve: Serve) -> None:
    screen = _opened(terminal, serve())
    screen.send("d")
    screen.until_text("type 1 and press Enter")
    screen.until_quiet()
    screen.send("\x1b")
    screen.until_text("page 1/22")
    pressed = time.monotonic()
    screen.send("j")
    screen.until_text("keys act on shop-legacy")
    assert time.monotonic() - pressed < PROMPT_SECONDS
