"""Confirmation of a deletion: options for a command that nobody watches, questions on a terminal."""

import select
import termios
import time
from argparse import Namespace
from typing import Final, TextIO

from snaptui.cli.failures import UsageError, say

ARMING_SECONDS: Final = 0.5
"""Seconds without input after a question before an answer counts: a paste or a held key comes without a gap."""
PATIENCE_SECONDS: Final = 10.0
UNPROVEN: Final = "unproven"
ALL_OF_THEM: Final = "delete them all"


def is_confirmed(
    number: int,
    named: int,
    options: Namespace,
    *,
    max_batch: int,
    unproven: bool,
    terminal: TextIO,
    said: TextIO,
) -> bool:
    """Return whether `number` snapshots may be deleted; `named` counts those that are gone already, too.

    Without an option that confirms, it is asked for on `said` and answered on `terminal`.
    Raises `UsageError` where an option does not fit, or where nobody can be asked.
    """
    limit = max_batch if options.max_batch is None else options.max_batch
    unproven = unproven and not options.unproven_account
    if options.confirm is not None or options.confirm_up_to is not None:
        _check_number(number, named, options)
        if doubts := _doubts(number, limit, unproven=unproven):
            raise UsageError("; ".join(doubts))
        return True
    if not terminal.isatty():
        wanted = f"without a terminal, give --confirm {number} to delete these"
        raise UsageError("; ".join([wanted, *_doubts(number, limit, unproven=unproven)]))
    asked = questions(number, more_than_usual=number > limit, unproven=unproven)
    return all(is_answered(question, wanted, terminal, said) for question, wanted in asked)


def _doubts(number: int, limit: int, *, unproven: bool) -> list[str]:
    """Return the doubts that the number alone does not confirm, each with the option that does."""
    said = []
    if number > limit:
        said.append(f"{number:,} are more than max_batch, {limit:,}: --max-batch {number} allows it once")
    if unproven:
        said.append("it cannot be told whose account this is: --unproven-account confirms it all the same")
    return said


def _check_number(number: int, named: int, options: Namespace) -> None:
    if options.confirm is not None and options.confirm not in (number, named):
        raise UsageError(f"--confirm {options.confirm} is not the number of snapshots in the plan, {number}")
    if options.confirm_up_to is not None and number > options.confirm_up_to:
        raise UsageError(f"--confirm-up-to {options.confirm_up_to} is less than the {number} snapshots in the plan")


def questions(number: int, *, more_than_usual: bool, unproven: bool) -> list[tuple[str, str]]:
    """Return what is asked about a plan, one after the other, each with the only answer that goes on."""
    asked = [(f"There is no undo. Type {number} to delete them", str(number))]
    if unproven:
        asked.insert(0, (f"It cannot be told whose account this is. Type {UNPROVEN} to go on", UNPROVEN))
    if more_than_usual:
        asked.append((f"So many? Then type {ALL_OF_THEM}", ALL_OF_THEM))
    return asked


def is_answered(
    question: str, wanted: str, terminal: TextIO, said: TextIO, *, patience_seconds: float = PATIENCE_SECONDS
) -> bool:
    """Ask on `said`; what was typed on the terminal before the colon stands there is thrown away.

    False as well when what is typed does not end for `patience_seconds`.
    """
    print(question, end="", file=said, flush=True)
    if not _quiet(terminal.fileno(), patience_seconds):
        print(file=said)
        say("something keeps typing")
        return False
    print(": ", end="", file=said, flush=True)
    return terminal.readline().strip() == wanted


def _quiet(terminal: int, patience_seconds: float) -> bool:
    """Throw input away until none has come for a while; returns false when it does not end."""
    give_up = time.monotonic() + patience_seconds
    termios.tcflush(terminal, termios.TCIFLUSH)
    while select.select([terminal], [], [], ARMING_SECONDS)[0]:
        if time.monotonic() > give_up:
            return False
        termios.tcflush(terminal, termios.TCIFLUSH)
        time.sleep(ARMING_SECONDS / 10)  # a terminal that is gone is always ready
    # A line that was not ended with Enter is not seen above.
    termios.tcflush(terminal, termios.TCIFLUSH)
    return True
