"""Trouble on demand: what the server does instead of answering well, scripted by tests."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Event
from typing import Final

HTML_502: Final = b"<html><head><title>502 Bad Gateway</title></head><body><h1>cloudflare</h1>\x1b[31m</body></html>"


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of trouble, for requests that fit `method`, `path` (a whole-path pattern) and `query`.

    `skip` of the fitting requests pass unharmed first, then `times` of them are hit (`None`: all).
    Without `status`, `reset` and `truncate` the request is answered well, only later.
    """

    method: str = "GET"
    path: str = ".*"
    query: Mapping[str, str] = field(default_factory=dict)
    skip: int = 0
    times: int | None = 1
    status: int | None = None
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    reset_before: bool = False
    """Close the connection without acting."""
    reset_after: bool = False
    """Act, then close the connection: the answer is lost."""
    truncate: bool = False
    """Promise the whole body, send half of it, close."""
    replace: Mapping[bytes, bytes] = field(default_factory=dict)
    """Change bytes of the good body."""
    delay_seconds: float = 0.0
    hold: Event | None = None
    """Answer only when the test sets this."""

    def fits(self, method: str, path: str, query: Mapping[str, str]) -> bool:
        """Return whether a request is meant."""
        if method != self.method or re.fullmatch(self.path, path) is None:
            return False
        return all(query.get(name) == value for name, value in self.query.items())


class Faults:
    """The faults in force; the first that fits a request is taken."""

    def __init__(self, *faults: Fault) -> None:
        self._faults = list(faults)
        self._seen: dict[int, int] = {}
        self._taken = Event()

    def add(self, *faults: Fault) -> None:
        """Put more trouble in force."""
        self._faults += faults

    def clear(self) -> None:
        """End all trouble."""
        self._faults.clear()

    def take(self, method: str, path: str, query: Mapping[str, str]) -> Fault | None:
        """Return the trouble that this request meets, counting it."""
        for fault in self._faults:
            if not fault.fits(method, path, query):
                continue
            seen = self._seen.get(id(fault), 0)
            self._seen[id(fault)] = seen + 1
            if seen >= fault.skip and (fault.times is None or seen < fault.skip + fault.times):
                self._taken.set()
                return fault
        return None

    def wait_taken(self, timeout_seconds: float) -> bool:
        """Wait until a request has met trouble; false when time is up."""
        return self._taken.wait(timeout_seconds)
