"""Terminal modes: the bytes that take a terminal over, set its modes anew, and give it back."""

import os
import termios
import tty
from typing import Final

from msgspec import Struct

# Private modes by xterm's ctlseqs, `h` on and `l` off: 1049 the other screen, 25 the cursor, 7 wrapping (DECAWM), 2004
# bracketed pastes, 1000 and 1006 the mouse; 2026, synchronised output, is younger and not everywhere.
_OTHER_SCREEN: Final = "\x1b[?1049h"
_DRAWING: Final = "\x1b[?25l\x1b[?7l"  # no cursor, no wrapping
_PASTES: Final = "\x1b[?2004h"
# Esc alone is told from the start of a sequence (1), and the letter of a key's place is named, too (4).
_KITTY_FLAGS: Final = 5
_MOUSE: Final = "\x1b[?1000h\x1b[?1006h"  # buttons and wheel, with numbers of any size; no movements
DEVICE_QUESTION: Final = "\x1b[>c"
BACKGROUND_QUESTION: Final = "\x1b]11;?\x1b\\"
_SYNCHRONISED_QUESTION: Final = "\x1b[?2026$p"
NO_MOUSE: Final = "\x1b[?1000l\x1b[?1006l"
QUIET: Final = f"{NO_MOUSE}\x1b[?2004l\x1b[<u\x1b[?2026l"
"""Ends everything that makes the terminal send something."""
_SHELLS_SCREEN: Final = "\x1b[?7h\x1b[?1049l\x1b[?25h"
# Erased first: where there is no other screen, as in Emacs, the shell would go on in the middle of the picture.
LEAVE: Final = f"\x1b[m\x1b[H\x1b[J{_SHELLS_SCREEN}"
# CAN ends a sequence that was cut off; then: no origin mode, no insert mode, no scroll region, ASCII letters in G0.
RESCUE: Final = f"\x18{QUIET}\x1b[?6l\x1b[4l\x1b[r\x1b(B\x0f\x1b[m{_SHELLS_SCREEN}"
"""Gives a terminal back in whatever state it was left, in the middle of a sequence too."""
_INPUT_OFF: Final = termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR | termios.ISTRIP
_LINE_OFF: Final = termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG
LineMode = list[int | list[bytes | int]]


class Taken(Struct, frozen=True):
    """A terminal that has been taken over: the bytes and attributes that give it back, and the attributes in use."""

    rescue: bytes
    attributes: LineMode
    raw_attributes: LineMode


def enter(*, mouse: bool) -> str:
    """Return the bytes that take the terminal over and ask for its name and abilities."""
    asked = DEVICE_QUESTION
    if os.environ.get("TERM_PROGRAM") != "Apple_Terminal":  # it would print a `p`
        asked += _SYNCHRONISED_QUESTION
    return f"{_OTHER_SCREEN}{_DRAWING}{_PASTES}\x1b[>{_KITTY_FLAGS}u{_MOUSE if mouse else ''}{asked}"


def renew(*, mouse: bool) -> str:
    """Return the bytes that set all modes on a terminal that was reset, or is another one than before."""
    # `=` sets the flags on top of the kitty protocol's stack: with `>` each redraw would push, and leaving pops one.
    return f"{_OTHER_SCREEN}{_DRAWING}{_PASTES}\x1b[={_KITTY_FLAGS}u{_MOUSE if mouse else ''}{DEVICE_QUESTION}"


def raw(attributes: LineMode) -> LineMode:
    """Return terminal attributes with which every byte is handed on as it comes."""
    changed = attributes.copy()
    for place, off in ((tty.IFLAG, _INPUT_OFF), (tty.LFLAG, _LINE_OFF)):
        flags = changed[place]
        if isinstance(flags, int):
            changed[place] = flags & ~off
    characters = changed[tty.CC]
    if isinstance(characters, list):
        changed[tty.CC] = characters = characters.copy()
        characters[termios.VMIN], characters[termios.VTIME] = 1, 0
    return changed
