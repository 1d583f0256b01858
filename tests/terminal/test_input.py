"""Whatever bytes come from a terminal, in whatever pieces: nothing ends, nothing is taken for another key."""

import os
import re
import time
from collections.abc import Callable

import pytest

from snaptui.demo.api import DEMO_TOKEN
from snaptui.tui.keys.paste_guard import REST_SECONDS
from tests.support.server import ScriptedServer

from .conftest import HoldingTerminal, Open, Terminal, picture

Serve = Callable[..., ScriptedServer]
PROMPT_SECONDS = 2.0
# What some terminal sends in one piece or in two, and what none should take for keys.
NOT_KEYS: dict[str, tuple[bytes, ...]] = {
    "é in two reads": (b"\xc3", b"\xa9"),
    "a byte of Latin-1": (b"\xe9",),
    "a key's release": (b"\x1b[97;5:3u",),
    "a key that does not exist": (b"\x1b[99999999u",),
    "a mouse report of the oldest kind": (b"\x1b[M\xff\xfe\xfd",),
    "a mouse report of urxvt": (b"\x1b[35;12;7M",),
    "a mouse report that was not asked for": (b"\x1b[<35;12;7M",),
    "a mouse report with a place before the first": (b"\x1b[<0;0;-1M",),
    "F6 of PuTTY": (b"\x1bOU",),
    "Shift+PgDn of rxvt": (b"\x1b[6$",),
    "Shift+F1 of an old xterm": (b"\x1bO2P",),
    "F1 of the Linux console": (b"\x1b[[A",),
    "a late colour": (b"\x1b]11;rgb:1212/", b"1212/1212\x1b\\"),
    "a version": (b"\x1bP>|XTerm(379)\x1b\\",),
    "a cursor's place in pieces": (b"\x1b[12;", b"40R"),
    "a focus": (b"\x1b[I\x1b[O",),
    "a size in the band": (b"\x1b[48;24;80;480;640t",),
    "Alt and a letter": (b"\x1bd",),
    "an arrow with a modifier that does not exist": (b"\x1b[1;99A",),
    "what a graphics protocol answers": (b"\x1b_Gi=31;OK", b"\x1b\\"),
    "a setting of the pen in pieces": (b"\x1bP1$r0;", b"1m\x1b\\"),
    "a window's title": (b"\x1b]lA title d1\x1b\\",),
    "a colour of the palette, ended by a bell": (b"\x1b]4;1;rgb:cdcd/0000", b"/0000\x07"),
    "a mode that is not known": (b"\x1b[?7777;0$y",),
    "a status": (b"\x1b[0n",),
    "the size of the window in dots": (b"\x1b[4;480;640t",),
    "a checksum": (b"\x1bP1!~ABCD\x1b\\",),
    "F5 of a VT220 in eight bits": (b"\x9b15", b"~"),
    "an arrow of a keypad in eight bits": (b"\x8f", b"U"),
    "a control of eight bits in UTF-8": (b"\xc2\x9b99~",),
    "an operating system's command that is broken off": (b"\x1b]11;rgb:12\x18",),
}


def _opened(
    terminal: Open,
    serve: Serve,
    size: tuple[int, int] = (80, 24),
    kind: type[Terminal] = Terminal,
    **environment: str,
) -> Terminal:
    screen = terminal("--api-url", serve().url, size=size, kind=kind, DIGITALOCEAN_TOKEN=DEMO_TOKEN, **environment)
    screen.until_text("✓ complete")
    screen.until_text("team Acme")
    screen.until_quiet()
    return screen


def _send(screen: Terminal, data: bytes) -> None:
    os.write(screen.process.fd, data)


def test_what_is_not_understood_does_nothing(terminal: Open, serve: Serve) -> None:
    screen = _opened(terminal, serve)
    screen.press(" ", " ")
    screen.until_text("2 marked")
    screen.until_quiet()
    before = picture(screen)
    for name, pieces in NOT_KEYS.items():
        for piece in pieces:
            _send(screen, piece)
            screen.read()
        screen.press("j")
        screen.until_quiet()
        screen.press("k")
        screen.until_quiet()
        assert picture(screen) == before, name
    screen.send("q")
    assert screen.end() == 0


def test_letters_in_pieces_arrive_in_the_filter(terminal: Open, serve: Serve) -> None:
    screen = _opened(terminal, serve, kind=HoldingTerminal)
    assert isinstance(screen, HoldingTerminal)
    screen.press("/")
    screen.until_quiet()
    for letter in "é你":
        screen.hold_answers()  # a connection may cut a letter in two, but no terminal answers within one
        for byte in letter.encode():
            _send(screen, bytes([byte]))
            screen.read(0.01)
        screen.type_before_answers("", at_once=False)
    screen.until_text("/ é你")


def test_letters_of_an_input_method_in_the_kitty_protocol_are_text(terminal: Open, serve: Serve) -> None:
    screen = _opened(terminal, serve)
    screen.press("/")
    _send(screen, b"\x1b[0;;20320:22909:19990:30028:21834u")
    screen.until_text("/ 你好世界啊")


def test_control_keys_work_on_a_cyrillic_layout(terminal: Open, serve: Serve) -> None:
    screen = _opened(terminal, serve)
    _send(screen, b"\x1b[1079::112;5u")  # Ctrl and the key with з on it, where others have p
    screen.until_text("Search for commands")


def test_a_paste_that_never_ends_ends_and_keys_work_again(terminal: Open, serve: Serve) -> None:
    server = serve()
    screen = terminal("--api-url", server.url, DIGITALOCEAN_TOKEN=DEMO_TOKEN, size=(120, 30))
    screen.until_text("✓ complete")
    screen.press("/")
    _send(screen, b"\x1b[200~web")
    screen.until_text("/ web")
    _send(screen, b"d1\r")
    screen.until_text("3 characters came after a paste that did not end, and did nothing")
    screen.press("x")
    screen.until_text("/ webx")
    assert server.count("DELETE") == 0


def test_a_paste_outside_a_text_field_does_nothing_and_says_so(terminal: Open, serve: Serve) -> None:
    screen = _opened(terminal, serve, size=(120, 30))
    _send(screen, b"\x1b[200~my-daily\r\x1b[201~")
    screen.until_text("a paste of 9 characters did nothing")


@pytest.mark.parametrize(("letters", "found"), [(4_000, "No snapshot matches"), (27_000, "at most 4,096 characters")])
def test_text_that_comes_at_once_is_taken_at_once(terminal: Open, serve: Serve, letters: int, found: str) -> None:
    screen = _opened(terminal, serve)
    text = "abcdefghij" * (letters // 10)
    for opening, shown in (("", f"{letters:,} keys came at once"), ("/", found)):
        if opening:
            screen.press(opening)
        began = time.monotonic()
        _write_all(screen, text.encode())
        screen.until_text(shown)
        assert time.monotonic() - began < PROMPT_SECONDS
        screen.until_quiet(2 * REST_SECONDS)  # a key sooner than that is a part of the burst


def _write_all(screen: Terminal, data: bytes) -> None:
    while data:
        data = data[os.write(screen.process.fd, data[:1_000]) :]
        screen.read(0.0)


def test_a_number_in_one_packet_goes_into_the_review_and_enter_with_it_does_nothing(
    terminal: Open, serve: Serve
) -> None:
    server = serve()
    screen = _opened(terminal, lambda: server)
    screen.press("A")
    screen.until_text("more marked")
    screen.press("d")
    screen.until(lambda: re.search("type [0-9]{3} ", screen.text) is not None)
    screen.until_quiet(0.6)
    _send(screen, b"2345\r")
    screen.until_text("Enter: 2345")
    screen.until_text("Enter came together with what was typed, and did nothing")
    assert server.count("DELETE") == 0


@pytest.mark.parametrize(
    "packet",
    [
        b"1\r",
        b"1\r\r",
        b"1\x1b[13u",
        b"\x1b[49u\r",
        b"\x1b[57400u\x1b[57414u",
        b"\x1b[49;;49u\x1b[57414u",
        b"1\x1b[B\r",
    ],
)
def test_enter_in_the_packet_of_the_number_confirms_nothing_however_it_is_spelt(
    terminal: Open, serve: Serve, packet: bytes
) -> None:
    screen = _opened(terminal, serve)
    screen.press("d")
    screen.until_text("type 1 ")
    screen.until_quiet(0.6)
    _send(screen, packet)
    screen.until_text("Enter: 1")
    screen.until_text("Enter came together with what was typed, and did nothing")


def test_a_burst_into_the_review_is_said_there(terminal: Open, serve: Serve) -> None:
    screen = _opened(terminal, serve)
    screen.press("d")
    screen.until_text("type 1 ")
    screen.until_quiet(0.6)
    _send(screen, b"my-daily")
    screen.until_text("8 keys came at once, as if pasted, and did nothing")
    screen.until_text("No undo")


def test_the_window_is_as_large_as_the_kernel_says_whatever_the_environment_says(terminal: Open, serve: Serve) -> None:
    witness = _opened(terminal, serve)
    screen = _opened(terminal, serve, COLUMNS="40", LINES="10")
    screen.until(lambda: picture(screen) == picture(witness))
    for each in (witness, screen):
        each.resize(100, 30)
    witness.until_quiet()
    screen.until(lambda: picture(screen) == picture(witness))
