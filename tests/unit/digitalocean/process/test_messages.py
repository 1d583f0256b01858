"""Letters between the processes: what is written is read again, and a token is not shown."""

from collections.abc import Iterator
from io import BytesIO

import pytest

from snaptui.digitalocean.api.errors import ApiError, ConnectionFailedError, NotPermittedError
from snaptui.digitalocean.api.rate_limit import RateLimit
from snaptui.digitalocean.process.messages import ORDERS, REPORTS, Cancel, Failure, Open, arriving, sealed

SECRET = "dop_v1_" + "5ec4e7a1" * 8


def kinds(of: type[ApiError] = ApiError) -> Iterator[type[ApiError]]:
    yield of
    for kind in of.__subclasses__():
        yield from kinds(kind)


def an_error(kind: type[ApiError]) -> ApiError:
    if issubclass(kind, ConnectionFailedError):
        return kind("lost", sent=True, hint="Try again.")
    error = kind("no", hint="Ask.", status=418, api_id="teapot", request_id="r-1", rate_limit=RateLimit(5_000, 12, 99))
    if isinstance(error, NotPermittedError):
        error.needed_scopes = ("image:delete",)
    return error


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_an_error_arrives_whole(kind: type[ApiError]) -> None:
    error = an_error(kind)
    (letter,) = arriving(BytesIO(sealed(Failure.of(7, error))))
    report = REPORTS.decode(letter)
    assert isinstance(report, Failure)
    assert report.number == 7
    arrived = report.error
    assert type(arrived) is kind
    assert str(arrived) == str(error)
    assert vars(arrived) == vars(error)


def test_letters_arrive_one_by_one_and_one_that_is_cut_off_does_not() -> None:
    stream = sealed(Cancel(1)) + sealed(Cancel(2))
    assert [ORDERS.decode(letter) for letter in arriving(BytesIO(stream))] == [Cancel(1), Cancel(2)]
    assert [ORDERS.decode(letter) for letter in arriving(BytesIO(stream[:-1]))] == [Cancel(1)]
    assert list(arriving(BytesIO(stream[:2]))) == []


def test_the_letter_with_the_token_does_not_show_it() -> None:
    opened = Open(SECRET, "https://api.digitalocean.com", read_only=False)
    assert SECRET[7:] not in f"{opened!r} {opened}"
    (letter,) = arriving(BytesIO(sealed(opened)))
    assert ORDERS.decode(letter) == opened
