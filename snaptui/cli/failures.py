"""Failures: turns any error into one line on stderr and an exit code, and is the one place that does."""

import os
import sys
from types import TracebackType
from typing import Self

from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.standard_streams import OutputError


class UsageError(Exception):
    """Something typed or configured that cannot be used; the text is for the user."""

    def __init__(self, message: str, exit_code: ExitCode = ExitCode.USAGE) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class Failures:
    """Context that ends an error meant for the user with one line; `code` is the exit code then.

    A programming error passes through. Nothing is imported for a block that succeeds. A command that `deletes` has not
    succeeded when nobody reads its output any more.
    """

    def __init__(self, *, deletes: bool = False) -> None:
        self.code: int = ExitCode.NOT_ALL_DELETED if deletes else ExitCode.FINE
        self._deletes = deletes

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        if isinstance(error, BrokenPipeError):
            drop_output()  # the reader of our output has left, as with `| head`
        elif isinstance(error, KeyboardInterrupt):
            self.code = ExitCode.INTERRUPTED
        elif isinstance(error, OutputError):
            say(str(error.strerror))
            drop_output()
            self.code = self.code if self._deletes else ExitCode.NOT_WRITTEN
        elif isinstance(error, OSError):
            say(str(error))
            drop_output()
            self.code = self.code if self._deletes else ExitCode.USAGE
        elif error is not None and (code := exit_code_of(error)) is not None:
            say(str(error))
            self.code = code
        else:
            return False
        return True


def say(message: str) -> None:
    """Print one line on stderr, made inert and without tokens, with the program's name in front."""
    from snaptui.text.safe import masked, visible

    print(f"snaptui: {visible(masked(message))}", file=sys.stderr, flush=True)


def drop_output() -> None:
    """Let what is left in the buffer of stdout go nowhere: it cannot be written, not even at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def exit_code_of(error: BaseException) -> ExitCode | None:
    """Return the exit code that an error stands for; `None` for one that no user can do anything about."""
    if isinstance(error, UsageError):
        return error.exit_code
    from snaptui.config.credentials import CredentialsError
    from snaptui.config.settings import ConfigError
    from snaptui.digitalocean.api import errors
    from snaptui.query import QueryError

    if isinstance(error, errors.NotAuthenticatedError | errors.NotPermittedError | CredentialsError):
        return ExitCode.NOT_PERMITTED
    if isinstance(error, errors.RefusedRequestError | ConfigError | QueryError):
        return ExitCode.USAGE
    return ExitCode.API_FAILED if isinstance(error, errors.ApiError) else _exit_code_of_deleting(error)


def _exit_code_of_deleting(error: BaseException) -> ExitCode | None:
    from snaptui.deletion.batch_file import JournalError
    from snaptui.deletion.plan import PlanError
    from snaptui.deletion.queue import RefusedPlanError

    if isinstance(error, RefusedPlanError):
        return ExitCode.NOT_ALL_DELETED
    return ExitCode.USAGE if isinstance(error, JournalError | PlanError) else None
