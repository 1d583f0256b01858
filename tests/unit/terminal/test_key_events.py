"""Escape sequences as the application gets them: known keys, answers, clicks; everything else is nothing."""

import pytest
from textual.events import CursorPosition, Key, MouseDown, MouseScrollUp, MouseUp, Paste
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from snaptui.terminal.input_parser import InputParser
from snaptui.terminal.key_events import messages_of
from snaptui.terminal.typed import BackgroundNamed, DeviceNamed

KEYS = {
    "\r": "enter",
    "\t": "tab",
    "\x7f": "backspace",
    "\x10": "ctrl+p",
    "\x1b[A": "up",
    "\x1bOA": "up",
    "\x1b[1;5A": "ctrl+up",
    "\x1b[5~": "pageup",
    "\x1b[H": "home",
    "\x1b[Z": "shift+tab",
    "\x1b[15~": "f5",
    "\x1b[[A": "f1",
    "\x1bx": "alt+x",
    "\x1bD": "alt+shift+d",
    # The kitty protocol
    "\x1b[27u": "escape",
    "\x1b[13u": "enter",
    "\x1b[112;5u": "ctrl+p",
    "\x1b[1079::112;5u": "ctrl+p",  # з, where p is on other layouts
    "\x1b[1103:1071:122;5u": "ctrl+z",  # я
    "\x1b[127;3u": "alt+backspace",
    "\x1b[1;2A": "shift+up",
    "\x1b[97;5:2u": "ctrl+a",
}
TEXTS = {
    "\x1b[57400u": "1",  # the keypad's
    "\x1b[57408;129u": "9",  # with Num Lock
    "\x1b[57410u": "/",
    "\x1b[97;;97u": "a",
    "\x1b[97:65;2;65u": "A",
    "\x1b[97:65;2u": "A",
    "\x1b[0;;20320:22909:19990:30028:21834u": "你好世界啊",
    "\x1b[229u": "å",
}
NOTHING = [
    "\x1b[97;5:3u",
    "\x1b[99999999u",
    "\x1b[55296u",
    "\x1b[1114112u",
    "\x1b[57441u",
    "\x1b[;;u",
    "\x1b[0;;7u",
    "\x1bOU",
    "\x1b[6$",
    "\x1bO2P",
    "\x1b[I",
    "\x1b[O",
    "\x1b[M !!",
    "\x1b[32;10;20M",
    "\x1b[<35;10;20M",
    "\x1b[<0;0;0M",
    "\x1b[<999;1;1M",
    "\x1b[48;24;80;480;640t",
    "\x1b[?2048;2$y",
    "\x1b]10;rgb:0/0/0\x07",
    "\x1bP>|foot\x1b\\",
]


def _messages(sequence: str) -> list[Message | str]:
    parser = InputParser()
    tokens = [*parser.feed(sequence.encode(), 0.0), *parser.tick(1.0)]
    return [message for token in tokens for message in messages_of(token)]


@pytest.mark.parametrize(("sequence", "key"), KEYS.items(), ids=repr)
def test_a_known_key_is_told(sequence: str, key: str) -> None:
    (message,) = _messages(sequence)
    assert isinstance(message, Key)
    assert message.key == key
    assert not message.is_printable


@pytest.mark.parametrize(("sequence", "text"), TEXTS.items(), ids=repr)
def test_text_in_a_sequence_is_text(sequence: str, text: str) -> None:
    assert _messages(sequence) == [text]


@pytest.mark.parametrize("sequence", NOTHING, ids=repr)
def test_what_is_not_understood_is_nothing(sequence: str) -> None:
    assert _messages(sequence) == []


def test_every_number_in_a_key_or_a_mouse_report_is_survived() -> None:
    for number in (0, 1, 31, 127, 128, 255, 999, 55_296, 1_114_112, 9_999_999, 10**30):
        for form in ("{n}u", "97;{n}u", "97;5:{n}u", "97;;{n}u", "97:{n}:{n};5u", "{n}~", "<{n};{n};{n}M", "{n};{n}R"):
            assert len(_messages("\x1b[" + form.format(n=number))) <= 1


def test_a_paste_has_no_zero_bytes() -> None:
    (paste,) = _messages("\x1b[200~a\0b\x1b[201~")
    assert isinstance(paste, Paste)
    assert paste.text == "ab"


def test_answers_are_told() -> None:
    place, device, background, synchronised = _messages(
        "\x1b[12;40R\x1b[>83;40003;0c\x1b]11;rgb:ffff/8080/0000\x1b\\\x1b[?2026;2$y"
    )
    assert isinstance(place, CursorPosition)
    assert (place.x, place.y) == (39, 11)
    assert isinstance(device, DeviceNamed)
    assert device.number == 83
    assert isinstance(background, BackgroundNamed)
    assert (background.red, round(background.green, 2), background.blue) == (1.0, 0.5, 0.0)
    assert not background.is_dark
    assert isinstance(synchronised, TerminalSupportsSynchronizedOutput)


def test_clicks_and_the_wheel_are_told() -> None:
    down, up, wheel = _messages("\x1b[<0;5;7M\x1b[<0;5;7m\x1b[<64;1;1M")
    assert isinstance(down, MouseDown)
    assert (down.x, down.y, down.button) == (4, 6, 1)
    assert isinstance(up, MouseUp)
    assert isinstance(wheel, MouseScrollUp)
