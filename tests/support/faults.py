"""Faults: what a scripted server does instead of answering well."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Condition, Event
from typing import Final

from snaptui.demo.account import DemoAccount
from snaptui.demo.api import Reply

HTML_502: Final = b"<html><head><title>502 Bad Gateway</title></head><body><h1>cloudflare</h1>\x1b[31m</body></html>"


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of trouble, for requests that fit `method` and `path` (patterns of the whole) and `query`.

    `skip` of the fitting requests pass unharmed first, then `times` of them are hit (`None`: all).
    Without `status`, a reset or `truncate` the request is answered well, only later or changed.
    """

    method: str = "GET"
    path: str = ".*"
    query: Mapping[str, str] = field(default_factory=dict)
    skip: int = 0
    times: int | None = 1
    status: int | None = None
    """Answer this with `body` and do not act. With DELETE and 204: said to be deleted, still there."""
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    reset_before: bool = False
    """Reset the connection without acting."""
    reset_after: bool = False
    """Act, then reset the connection: the answer is lost."""
    hang_up: bool = False
    """With a reset: end the connection in an orderly way (FIN, not RST), as proxies do."""
    truncate: bool = False
    """Promise the whole body, send half of it, close."""
    replace: Mapping[bytes, bytes] = field(default_factory=dict)
    """Change bytes of the good body: totals, hosts in links, fields."""
    delay_seconds: float = 0.0
    hold: Event | None = None
    """Act and answer only when the test sets this."""
    stall: Event | None = None
    """Send half of the body, and the rest when the test sets this."""
    then: Callable[[DemoAccount], object] | None = None
    """Change the account once this answer is made: the list shifts under the next page."""

    @property
    def instead(self) -> Reply | None:
        """The answer in the account's place, if there is one."""
        if self.status is None:
            return None
        return Reply(self.status, self.body, headers=self.headers, content_type=self.content_type)

    def fits(self, method: str, path: str, query: Mapping[str, str]) -> bool:
        """Return whether a request is meant."""
        if re.fullmatch(self.method, method) is None or re.fullmatch(self.path, path) is None:
            return False
        return all(query.get(name) == value for name, value in self.query.items())


NO_TROUBLE: Final = Fault()


@dataclass(slots=True)
class _Counted:
    """A fault in force and how many requests have fitted it."""

    fault: Fault
    fitted: int = 0

    def hits_next(self) -> bool:
        fault, before = self.fault, self.fitted
        self.fitted += 1
        return before >= fault.skip and (fault.times is None or before < fault.skip + fault.times)


class Faults:
    """The faults in force; the first that fits a request is taken. Safe to change from any thread."""

    def __init__(self, *faults: Fault) -> None:
        self._faults = [_Counted(fault) for fault in faults]
        self._taken = 0
        self._changed = Condition()

    def add(self, *faults: Fault) -> None:
        """Put more trouble in force."""
        with self._changed:
            self._faults += [_Counted(fault) for fault in faults]

    def clear(self) -> None:
        """End all trouble."""
        with self._changed:
            self._faults.clear()

    def take(self, method: str, path: str, query: Mapping[str, str]) -> Fault | None:
        """Return the trouble that this request meets, counting it."""
        with self._changed:
            for counted in self._faults:
                if counted.fault.fits(method, path, query) and counted.hits_next():
                    self._taken += 1
                    self._changed.notify_all()
                    return counted.fault
        return None

    def wait_taken(self, timeout_seconds: float, times: int = 1) -> bool:
        """Wait until so many requests have met trouble; false when time is up."""
        with self._changed:
            return self._changed.wait_for(lambda: self._taken >= times, timeout_seconds)
