"""Key, mouse and report events for Textual, made from tokens of terminal input; unknown ones are dropped."""

import re
from collections.abc import Iterator
from typing import Final

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS, MODIFIER_FUNCTIONAL_KEYS
from textual.keys import Keys, _character_to_key
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from snaptui.terminal.input_parser import ESCAPE, Control, Dropped, Paste, Sequence, Token
from snaptui.terminal.typed import BackgroundNamed, DeviceNamed, InputDropped

_PLACE: Final = re.compile(r"\x1b\[([0-9]{1,5});([0-9]{1,5})R")
_MOUSE: Final = re.compile(r"\x1b\[<([0-9]{1,3});([0-9]{1,5});([0-9]{1,5})([Mm])")
_MODE: Final = re.compile(r"\x1b\[\?2026;[1-4]\$y")
_DEVICE: Final = re.compile(r"\x1b\[[?>]([0-9]{1,6})[0-9;]*c")
_COLOUR: Final = re.compile(r"\x1b\]11;rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})")
# CSI code:shifted:base ; modifiers:event ; text u, and the older forms that are a part of it.
_KEY: Final = re.compile(
    r"\x1b\[(?P<code>[0-9]{0,7})(?::(?P<shifted>[0-9]{0,7}))?(?::(?P<base>[0-9]{1,7}))?"
    r"(?:;(?P<modifiers>[0-9]{0,3})(?::(?P<event>[0-9]))?)?(?:;(?P<text>[0-9:]*))?(?P<final>[u~ABCDEFHPQS])"
)
_RELEASED: Final = "3"
# The kitty protocol's bits, sent plus one; Caps Lock (64) and Num Lock (128) are in them, too, and change no key.
_SHIFT, _ALT, _CTRL = 1, 2, 4
_MODIFIERS: Final = {_ALT: "alt", _CTRL: "ctrl", 8: "super", 16: "hyper", 32: "meta"}
_WHEEL: Final = (events.MouseScrollUp, events.MouseScrollDown, events.MouseScrollLeft, events.MouseScrollRight)
_KEYPAD: Final = {
    "decimal": ".",
    "divide": "/",
    "multiply": "*",
    "subtract": "-",
    "add": "+",
    "equal": "=",
    "separator": ",",
}
_SPECIAL: Final = {"backspace": "\x7f", "enter": "\r", "tab": "\t"}


def messages_of(token: Token) -> Iterator[Message | str]:
    """Yield events; typed characters as a string."""
    if isinstance(token, Sequence):
        yield from _sequence(token.text)
    elif isinstance(token, Control):
        yield from _listed(token.character)
    elif isinstance(token, Paste):
        yield events.Paste(token.text.replace("\0", ""))
    elif isinstance(token, Dropped):
        yield InputDropped(token.characters)
    else:
        yield token.text


def _sequence(text: str) -> Iterator[Message | str]:
    if place := _PLACE.fullmatch(text):
        yield events.CursorPosition(int(place[2]) - 1, int(place[1]) - 1)
    elif mouse := _MOUSE.fullmatch(text):
        yield from _mouse(int(mouse[1]), int(mouse[2]) - 1, int(mouse[3]) - 1, pressed=mouse[4] == "M")
    elif _MODE.fullmatch(text):
        yield TerminalSupportsSynchronizedOutput()
    elif device := _DEVICE.fullmatch(text):
        yield DeviceNamed(int(device[1]))
    elif colour := _COLOUR.match(text):
        yield BackgroundNamed(*(int(part, 16) / (16 ** len(part) - 1) for part in colour.groups()))
    elif key := _KEY.fullmatch(text):
        yield from _extended(key) or _listed(text)
    elif len(text) == 2 and text[0] == ESCAPE:
        yield from _with_alt(text[1])
    else:
        yield from _listed(text)


def _listed(text: str) -> Iterator[Message]:
    keys = ANSI_SEQUENCES_KEYS.get(text)
    if isinstance(keys, tuple):
        for key in keys:
            if key is not Keys.Ignore:
                yield events.Key(key.value, text if len(text) == 1 else None)


def _with_alt(character: str) -> Iterator[Message]:
    known = ANSI_SEQUENCES_KEYS.get(ESCAPE + character)
    if known is not None:
        yield from _listed(ESCAPE + character)
    elif character.isprintable():
        yield events.Key(f"alt+{'shift+' * character.isupper()}{_character_to_key(character.lower())}", None)


def _extended(key: re.Match[str]) -> list[Message | str]:
    """Return the key of a sequence of the kitty protocol, or of xterm's older form; empty for others."""
    if key["event"] == _RELEASED:
        return []
    modifiers = max(0, int(key["modifiers"] or 1) - 1)
    text = "".join(filter(None, (_character(part) for part in (key["text"] or "").split(":"))))
    if text and text.isprintable() and not modifiers & (_CTRL | 8):
        return [text]
    code = key["code"] or "1"
    name = FUNCTIONAL_KEYS.get(f"{int(code)}{key['final']}")
    if name is None and key["final"] == "u":
        return _letter(key, modifiers)
    if name is None or name in MODIFIER_FUNCTIONAL_KEYS:
        return []
    names = [*(["shift"] if modifiers & _SHIFT else []), *_held(modifiers)]
    if not names and (typed := _KEYPAD.get(name, name if len(name) == 1 else "")):
        return [typed]  # digits of the keypad are typed as others are: what comes with them may be a part of a paste
    return [events.Key("+".join([*sorted(names), name]), None if names else _SPECIAL.get(name))]


def _letter(key: re.Match[str], modifiers: int) -> list[Message | str]:
    """Return a letter with its modifiers; the letter of the key's place where the layout's own is not ASCII."""
    character = _character(key["code"])
    base = _character(key["base"] or "")
    if character is None or not character.isprintable():
        return []
    held = _held(modifiers)
    if not held:
        shifted = _character(key["shifted"] or "") or character.upper()
        return [shifted if modifiers & _SHIFT else character]
    if not character.isascii() and base is not None and base.isprintable():
        character = base
    names = [*(["shift"] if modifiers & _SHIFT else []), *held]
    return [events.Key("+".join([*sorted(names), _character_to_key(character)]), None)]


def _held(modifiers: int) -> list[str]:
    return [name for bit, name in _MODIFIERS.items() if modifiers & bit]


def _character(number: str) -> str | None:
    code = int(number or 0)
    return chr(code) if 0 < code < 0xD800 or 0xE000 <= code < 0x110000 else None


def _mouse(buttons: int, x: int, y: int, *, pressed: bool) -> Iterator[Message]:
    """Yield a click or a turn of the wheel; nothing else is asked for."""
    # xterm's encoding: 32 a movement, 64 the wheel, 128 the buttons beyond it; 4, 8 and 16 are Shift, Alt and Ctrl.
    if x < 0 or y < 0 or buttons & 32:
        return
    kind: type[events.MouseEvent] = events.MouseDown if pressed else events.MouseUp
    button = (buttons & 3) + 1
    if buttons & 64:
        kind, button = _WHEEL[buttons & 3], 0
    elif button > 3 or buttons >= 128:
        return
    held = bool(buttons & 4), bool(buttons & 8), bool(buttons & 16)
    yield kind(None, x, y, 0, 0, button, *held, screen_x=x, screen_y=y)
