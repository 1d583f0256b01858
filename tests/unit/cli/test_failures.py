"""Failures: each kind of error becomes one inert line and the exit code that the README names."""

import pytest

from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.failures import Failures, UsageError, exit_code_of
from snaptui.config.credentials import CredentialsError, NoTokenError
from snaptui.config.settings import ConfigError
from snaptui.deletion.batch_file import JournalError
from snaptui.deletion.plan import PlanError
from snaptui.deletion.queue import RefusedPlanError, UnprovenAccountError
from snaptui.digitalocean.api import errors
from snaptui.query import QueryError

ERRORS = [
    (UsageError("x"), ExitCode.USAGE),
    (UsageError("x", ExitCode.INCOMPLETE), ExitCode.INCOMPLETE),
    (ConfigError("x"), ExitCode.USAGE),
    (QueryError("x", 0), ExitCode.USAGE),
    (PlanError("x"), ExitCode.USAGE),
    (JournalError("x"), ExitCode.USAGE),
    (errors.RefusedRequestError("x"), ExitCode.USAGE),
    (errors.ReadOnlyError("x"), ExitCode.USAGE),
    (CredentialsError("x"), ExitCode.NOT_PERMITTED),
    (NoTokenError("x"), ExitCode.NOT_PERMITTED),
    (errors.NotAuthenticatedError("x"), ExitCode.NOT_PERMITTED),
    (errors.NotPermittedError("x"), ExitCode.NOT_PERMITTED),
    (errors.ConnectionFailedError("x", sent=False), ExitCode.API_FAILED),
    (errors.RateLimitedError("x"), ExitCode.API_FAILED),
    (errors.ServerError("x"), ExitCode.API_FAILED),
    (errors.NotFoundError("x"), ExitCode.API_FAILED),
    (errors.UnreadableAnswerError("x"), ExitCode.API_FAILED),
    (RefusedPlanError("x"), ExitCode.NOT_ALL_DELETED),
    (UnprovenAccountError("x"), ExitCode.NOT_ALL_DELETED),
    (KeyboardInterrupt(), ExitCode.INTERRUPTED),
]


@pytest.mark.parametrize(("error", "code"), ERRORS, ids=lambda value: type(value).__name__)
def test_each_error_has_its_exit_code(error: BaseException, code: ExitCode, capsys: pytest.CaptureFixture[str]) -> None:
    failures = Failures()
    with failures:
        raise error
    assert failures.code == code
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == (0 if code is ExitCode.INTERRUPTED else 1)


def test_a_line_that_is_said_is_inert_and_holds_no_token(capsys: pytest.CaptureFixture[str]) -> None:
    with Failures():
        raise UsageError("no \x1b[31mplan\n dop_v1_" + "5ec4e7" * 10 + "9f2c")
    said = capsys.readouterr().err
    assert said.startswith("snaptui: no ␛[31mplan␊ dop_v1_")
    assert "5ec4e7" not in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("x"), RuntimeError("x")])
def test_an_error_of_the_program_itself_is_not_hidden(error: Exception) -> None:
    assert exit_code_of(error) is None
    with pytest.raises(type(error)), Failures():
        raise error
