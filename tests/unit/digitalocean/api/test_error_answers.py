"""Error answers to errors: the status decides the class, the API's words are the message."""

import json

import pytest

from snaptui.digitalocean.api import errors
from snaptui.digitalocean.api.error_answers import check, check_token
from snaptui.digitalocean.api.requests import Answer, get_snapshot
from snaptui.model.token import Token

REQUEST = get_snapshot("7")


def error_of(status: int, body: object = None, headers: dict[str, str] | None = None) -> errors.StatusError:
    content = {"id": "some_id", "message": "said by the API"} if body is None else body
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    with pytest.raises(errors.StatusError) as caught:
        check(REQUEST, Answer(status, headers or {}, raw), now=100.0)
    return caught.value


@pytest.mark.parametrize("status", [200, 202, 204])
def test_success_is_no_error(status: int) -> None:
    check(REQUEST, Answer(status, {}, b""), now=0.0)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.BadRequestError),
        (401, errors.NotAuthenticatedError),
        (403, errors.NotPermittedError),
        (404, errors.NotFoundError),
        (409, errors.ConflictError),
        (412, errors.PreconditionFailedError),
        (418, errors.UnexpectedStatusError),
        (422, errors.UnprocessableError),
        (429, errors.RateLimitedError),
        (302, errors.UnexpectedStatusError),
        (500, errors.ServerError),
        (503, errors.ServerError),
    ],
)
def test_each_status_has_its_error(status: int, kind: type[errors.StatusError]) -> None:
    error = error_of(status)
    assert type(error) is kind
    assert error.status == status


def test_the_api_own_words_are_said_and_its_request_id_is_kept() -> None:
    error = error_of(422, {"id": "unprocessable", "message": "it is in use", "request_id": "r-1"})
    assert (error.message, error.api_id, error.request_id) == ("it is in use", "unprocessable", "r-1")
    assert error_of(500, b"<html>", {"x-request-id": "r-2"}).request_id == "r-2"


def test_words_from_outside_are_inert() -> None:
    assert "\x1b" not in str(error_of(422, {"id": "x", "message": "\x1b[2Jgone"}))


@pytest.mark.parametrize("body", [b"", b"<html>not found</html>", b"[]", {"other": 1}, b"[" * 100_000])
def test_a_404_without_a_word_of_the_api_does_not_say_that_something_is_gone(body: object) -> None:
    error = error_of(404, body)
    assert not isinstance(error, errors.NotFoundError)
    assert "cannot be told" in error.message


def test_a_missing_scope_names_what_the_request_needs() -> None:
    error = error_of(403)
    assert isinstance(error, errors.NotPermittedError)
    assert error.needed_scopes == REQUEST.scopes
    assert all(scope in str(error) for scope in REQUEST.scopes)


def test_a_refresh_token_is_told_apart_before_it_is_sent() -> None:
    with pytest.raises(errors.NotAuthenticatedError, match="refresh token"):
        check_token(Token("dor_v1_" + "f" * 64))
    check_token(Token("dop_v1_" + "f" * 64))
