"""Terminal rescue: the client's process restores the terminal when the UI process was killed."""

import os
import signal
import termios
from contextlib import suppress
from typing import Final

from snaptui.digitalocean.process.messages import TerminalRescue

MOST_SECONDS: Final = 1


def rescue(what: TerminalRescue, terminal: int) -> None:
    """Restore the terminal as it was, unless a program that was not there before has it by now.

    A shell that has noticed the end already has set the line's attributes itself: then they are left alone. What takes
    longer than a second ends the process.
    """
    if not what.data:
        return
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # this is no program of the foreground
    signal.alarm(MOST_SECONDS)
    with suppress(OSError, termios.error):
        if os.tcgetpgrp(terminal) in what.groups:
            os.write(terminal, what.data)
            if termios.tcgetattr(terminal) == what.raw_attributes:
                termios.tcsetattr(terminal, termios.TCSANOW, what.attributes)
