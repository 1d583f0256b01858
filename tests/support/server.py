"""A demo server whose trouble is scripted by faults, and which remembers what it was asked."""

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import unquote

from snaptui.demo.account import DemoAccount
from snaptui.demo.api import Reply
from snaptui.demo.conversation import Answered, Delivery, Request, deliver
from snaptui.demo.rate_limit import Limits
from snaptui.demo.server import DemoServer, Respond
from tests.support.delivery import hang_up, reset, stalled, truncate
from tests.support.faults import NO_TROUBLE, Fault, Faults
from tests.support.holds import Holds


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """A request as the server saw it; `acted` is true when it changed the account. Tokens are not kept.

    `status` is 0 when the connection was reset instead of an answer; `at` is the server's clock in Unix seconds.
    """

    method: str
    path: str
    query: Mapping[str, str]
    status: int
    acted: bool
    at: float
    token_ok: bool


NEVER_WRITTEN = Reply(502)


class ScriptedServer(DemoServer):
    """A context manager: the server runs inside the `with` block. It is its own hook."""

    def __init__(
        self,
        account: DemoAccount | None = None,
        *faults: Fault,
        latency_seconds: float = 0.0,
        limits: Limits = Limits(),
        scopes: Mapping[str, frozenset[str]] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(account, latency_seconds=latency_seconds, limits=limits, hook=self, scopes=scopes, clock=clock)
        self.faults = Faults(*faults)
        self._holds = Holds()
        self._seen: list[SeenRequest] = []
        self._changed = threading.Condition()

    @property
    def requests(self) -> tuple[SeenRequest, ...]:
        """Every request answered so far."""
        with self._changed:
            return tuple(self._seen)

    def count(self, method: str, path: str = "") -> int:
        """Return how many requests of a method were answered whose path starts so."""
        return sum(seen.method == method and seen.path.startswith(path) for seen in self.requests)

    @property
    def deleted_ids(self) -> list[str]:
        """The ids of the snapshots that DELETEs removed, in order."""
        return [unquote(seen.path.rpartition("/")[2]) for seen in self.requests if seen.acted]

    def wait_until(self, predicate: Callable[[Self], bool], timeout_seconds: float = 10.0) -> bool:
        """Wait until the predicate holds, looking again after every answer; false when time is up."""
        with self._changed:
            return self._changed.wait_for(lambda: predicate(self), timeout_seconds)

    async def answer(self, request: Request, respond: Respond) -> Answered:
        """Answer as the fault in force says; without one, as the account says."""
        fault = self.faults.take(request.method, request.path, request.query) or NO_TROUBLE
        await asyncio.sleep(fault.delay_seconds)
        if fault.hold is not None:
            await self._holds.wait(fault.hold)
        reply = NEVER_WRITTEN if fault.reset_before else await respond(fault.instead)
        for old, new in fault.replace.items():
            reply = replace(reply, body=reply.body.replace(old, new))
        if fault.then is not None:
            fault.then(self.account)
        self._saw(request, reply, acted=fault.instead is None and request.method == "DELETE" and reply.status == 204)
        return Answered(reply, self._delivery(fault))

    def _delivery(self, fault: Fault) -> Delivery:
        if fault.reset_before or fault.reset_after:
            return hang_up if fault.hang_up else reset
        if fault.truncate:
            return truncate
        return deliver if fault.stall is None else stalled(fault.stall, self._holds)

    def _saw(self, request: Request, reply: Reply, *, acted: bool) -> None:
        status = 0 if reply is NEVER_WRITTEN else reply.status
        token_ok = self.api.scopes_of(request.authorization) is not None
        seen = SeenRequest(request.method, request.path, request.query, status, acted, self.clock(), token_ok)
        with self._changed:
            self._seen.append(seen)
            self._changed.notify_all()

    def closed(self) -> None:
        """Let go what is held: nobody answers it any more."""
        self._holds.release()
