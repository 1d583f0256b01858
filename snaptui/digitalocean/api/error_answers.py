"""Error answers, each turned into the `StatusError` of its status, with the API's message and what to do next."""

from collections.abc import Mapping
from typing import Final

import msgspec

from snaptui.digitalocean.api import errors
from snaptui.digitalocean.api.errors import inert
from snaptui.digitalocean.api.rate_limit import RateLimit
from snaptui.digitalocean.api.requests import Answer, Request
from snaptui.model.token import Token


def check(request: Request, answer: Answer, *, now: float) -> None:
    """Raise the `StatusError` of an answer whose status is not 2xx."""
    if 200 <= answer.status < 300:
        return
    api_id, message, request_id = _said(answer)
    kind = _KINDS.get(answer.status) or (errors.ServerError if answer.status >= 500 else errors.UnexpectedStatusError)
    by_another = _REDIRECTED if 300 <= answer.status < 400 else None
    if kind is errors.NotFoundError and not (api_id or message):
        kind, by_another = errors.UnexpectedStatusError, _NOT_FOUND_BY_ANOTHER
    error = kind(
        by_another or message or _DEFAULT_MESSAGES.get(kind, "the API refused the request"),
        hint="Check --api-url and any proxy." if by_another else _hint(kind, request, answer.rate_limit, now),
        status=answer.status,
        api_id=api_id,
        request_id=request_id,
        rate_limit=answer.rate_limit,
    )
    if isinstance(error, errors.NotPermittedError):
        error.needed_scopes = request.scopes
    raise error


_REDIRECTED: Final = "the API answered with a redirect, which is not followed: the token would go with it"
_NOT_FOUND_BY_ANOTHER: Final = "not found, by an answer that is not the API's: whether it is gone cannot be told"
# 403, 409, 412 and 422 are in the reference of none of these requests; real answers have them.
_KINDS: Final[Mapping[int, type[errors.StatusError]]] = {
    400: errors.BadRequestError,
    401: errors.NotAuthenticatedError,
    403: errors.NotPermittedError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    412: errors.PreconditionFailedError,
    422: errors.UnprocessableError,
    429: errors.RateLimitedError,
}
_DEFAULT_MESSAGES: Final[Mapping[type[errors.StatusError], str]] = {
    errors.ServerError: "the API had an error of its own",
    errors.RateLimitedError: "API rate limit exceeded",
    errors.NotAuthenticatedError: "Unable to authenticate you",
    errors.NotPermittedError: "You are not authorized to perform this operation",
}


def _hint(kind: type[errors.StatusError], request: Request, limit: RateLimit, now: float) -> str | None:
    if kind is errors.NotPermittedError:
        return f"The token needs {' and '.join(request.scopes)}."
    if kind is errors.NotAuthenticatedError:
        return "The token is wrong, expired or revoked; make one in the control panel under API."
    if kind is errors.RateLimitedError:
        free = limit.free_in_seconds(now)
        return "Try again later." if free is None else f"The next request is free in {free:.0f} s."
    if kind is errors.ServerError:
        return "Try again; status.digitalocean.com tells of outages."
    return None


def check_token(token: Token) -> None:
    """Raise `NotAuthenticatedError` for a token that can never work, before it is sent anywhere."""
    if token.is_refresh_token:
        raise errors.NotAuthenticatedError(
            "dor_v1_ is a refresh token, which cannot call the API",
            hint="Use the access token (doo_v1_ or dop_v1_) that came with it.",
        )


def _said(answer: Answer) -> tuple[str | None, str, str | None]:
    """Return the API's error id, message and request id, where the answer has them."""
    request_id = answer.headers.get("x-request-id")
    try:
        body = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # Cloudflare, in front of the API, answers 502 and 504 in HTML at times.
        body = None
    said = body if isinstance(body, dict) else {}

    def text(name: str) -> str:
        value = said.get(name)
        return inert(value) if isinstance(value, str) else ""

    request_id = text("request_id") or inert(request_id or "")
    return text("id") or None, text("message"), request_id or None
