"""Request errors: one class for each way in which a request can fail.

ApiError
├── RefusedRequestError       never sent: the client would not
│   ├── ReadOnlyError         never sent: started read-only
│   └── NotSentError          a DELETE that was kept back at the last moment
│       ├── LookTooOldError   because what it rests on was seen too long ago
│       └── WithdrawnError    because it was withdrawn
├── ConnectionFailedError     no answer; `sent` says whether the server may have acted
│   └── NoAnswerInTimeError   none as long as was waited
├── UnreadableAnswerError     an answer that is not what the reference describes
└── StatusError               an answer with an error status
    ├── BadRequestError       400
    ├── NotAuthenticatedError 401
    ├── NotPermittedError     403
    ├── NotFoundError         404
    ├── ConflictError         409
    ├── PreconditionFailedError 412
    ├── UnprocessableError    422
    ├── RateLimitedError      429
    ├── ServerError           5xx
    └── UnexpectedStatusError any other
"""

from typing import Final

from snaptui.digitalocean.api.rate_limit import RateLimit
from snaptui.text.safe import masked, visible

LONGEST_QUOTE: Final = 200


def inert(text: str) -> str:
    """Return at most 200 characters of a text from outside: on one line, safe to draw, and with no token in it."""
    clean = visible(masked(" ".join(text.split())))
    return clean if len(clean) <= LONGEST_QUOTE else f"{clean[: LONGEST_QUOTE - 1]}…"


class ApiError(Exception):
    """Base of all errors of requests; `str()` is one line: what happened, and what to do next."""

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        status: int | None = None,
        api_id: str | None = None,
        request_id: str | None = None,
        rate_limit: RateLimit | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.status = status
        self.api_id = api_id
        self.request_id = request_id
        self.rate_limit = rate_limit

    def __str__(self) -> str:
        where = ", ".join(
            part
            for part in (
                f"HTTP {self.status}" if self.status else "",
                f"request id {self.request_id}" if self.request_id else "",
            )
            if part
        )
        text = f"{self.message.rstrip('.')} ({where})" if where else self.message.rstrip(".")
        return f"{text}. {self.hint}" if self.hint else f"{text}."


class RefusedRequestError(ApiError):
    """A request that the client did not send, by its own rules."""


class ReadOnlyError(RefusedRequestError):
    """A DELETE that was not sent, because the client was started read-only."""


class NotSentError(RefusedRequestError):
    """A DELETE that was kept back at the last moment: its look was too old, or the rate limit was used up."""


class LookTooOldError(NotSentError):
    """A DELETE that was kept back because what it rests on was seen too long ago."""


class WithdrawnError(NotSentError):
    """A DELETE that was kept back because it was withdrawn in time."""


class ConnectionFailedError(ApiError):
    """No answer came. `sent` is true when the request may have reached the server and been acted on."""

    def __init__(self, message: str, *, sent: bool, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.sent = sent


class NoAnswerInTimeError(ConnectionFailedError):
    """No answer came within the time limit of the request."""


class UnreadableAnswerError(ApiError):
    """An answer that is not what the reference describes: HTML, cut off, another shape."""


class StatusError(ApiError):
    """An answer with an error status."""


class BadRequestError(StatusError):
    """400, as for an image that is not a snapshot."""


class NotAuthenticatedError(StatusError):
    """401: the token is not valid."""


class NotPermittedError(StatusError):
    """403. `needed_scopes` are all those the request needs; the API does not say which one is missing."""

    needed_scopes: tuple[str, ...] = ()


class NotFoundError(StatusError):
    """404: there is nothing with this id or at this address."""


class ConflictError(StatusError):
    """409: the request conflicts with the state of the resource."""


class PreconditionFailedError(StatusError):
    """412: a precondition of the request does not hold."""


class UnprocessableError(StatusError):
    """422: the request is well formed and cannot be carried out."""


class RateLimitedError(StatusError):
    """429: the rate limit is used up."""


class ServerError(StatusError):
    """5xx: the server failed."""


class UnexpectedStatusError(StatusError):
    """A status that the reference does not name."""
