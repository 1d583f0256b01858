"""Reads the terminal's input until told to stop, without polling."""

import os
import select
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable
from typing import Final

from textual import constants
from textual._xterm_parser import XTermParser
from textual.message import Message

_MOST_BYTES: Final = 4_096
_ESCAPE_SECONDS: Final = constants.ESCAPE_DELAY + 0.005  # a little later than the parser gives up waiting


def read_keys(terminal: int, stop: int, parser: XTermParser, deliver: Callable[[Message], None]) -> bool:
    """Deliver what is typed until `stop` can be read; false if the terminal went away before.

    Textual's own loop looks every tenth of a second whether it should end or an Esc is only an Esc: leaving took two
    of them. This one sleeps until something happens.
    """
    decode = getincrementaldecoder("utf-8")("replace").decode
    timeout: float | None = None
    while True:
        ready, _, _ = select.select([terminal, stop], [], [], timeout)
        if stop in ready:
            return True
        if terminal in ready:
            data = _read(terminal)
            if not data:
                return False
            _deliver(parser.feed(decode(data)), deliver)
            timeout = _ESCAPE_SECONDS
        else:
            timeout = None
        _deliver(parser.tick(), deliver)


def _deliver(messages: Iterable[Message], deliver: Callable[[Message], None]) -> None:
    for message in messages:
        deliver(message)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, _MOST_BYTES)
    except OSError:
        return b""
