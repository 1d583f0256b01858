"""Calls to the client's process: it is started when one is made, and each call gets its answers through a feed."""

import threading
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import TypeVar

from msgspec import MsgspecError, Raw

from snaptui.digitalocean.api.errors import ConnectionFailedError, RefusedRequestError
from snaptui.digitalocean.api.rate_limit import RateLimit, Wait
from snaptui.digitalocean.process.feed import Feed
from snaptui.digitalocean.process.launcher import ClientProcess
from snaptui.digitalocean.process.messages import (
    REPORTS,
    Call,
    Cancel,
    Open,
    Operation,
    Report,
    State,
    TerminalRescue,
    Withdraw,
    sealed,
)

T = TypeVar("T")


class Calls:
    """Calls of any thread to one process, which is started anew after its end; `opening` tells it whom to ask.

    A call that was under way when the process ended raises `ConnectionFailedError`.
    """

    def __init__(self, opening: Callable[[], Open], process: ClientProcess | None) -> None:
        self._opening = opening
        self._waiting_process = process
        self._rescue = TerminalRescue()
        self._lock = threading.Lock()
        self._process: ClientProcess | None = None
        self._reader: threading.Thread | None = None
        self._feeds: dict[int, Feed[object]] = {}
        self._numbers = count(1)
        self._closed = False
        self._listeners: list[Callable[[], None]] = []
        self.rate_limit: RateLimit | None = None
        """The rate limit by the newest answer."""
        self.wait: Wait | None = None
        """The cause and the end of the client's present wait, if it waits."""

    def start(self) -> None:
        """Start the process, without waiting for it: httpx is imported and the connection pool made there."""
        with self._lock:
            self._running()

    def _running(self) -> ClientProcess:
        if self._closed:
            raise RefusedRequestError("the connection was closed")
        if self._process is None:
            self._process = process = self._waiting_process or ClientProcess()
            self._waiting_process = None
            process.send(sealed(self._rescue))
            process.send(sealed(self._opening()))
            self._reader = threading.Thread(target=self._read, args=(process,), name="snaptui-client", daemon=True)
            self._reader.start()
        return self._process

    def entrust(self, what: TerminalRescue) -> None:
        """Entrust the bytes that give the terminal back should this process be killed; empty data takes them back."""
        with self._lock:
            self._rescue = what
            if self._process is not None:
                self._process.send(sealed(what))

    def close(self) -> None:
        """Give up what is under way and end the process; takes a second at most."""
        with self._lock:
            self._closed = True
            process, reader = self._process or self._waiting_process, self._reader
        if process is not None:
            process.close()
        if reader is not None:
            reader.join()

    def _read(self, process: ClientProcess) -> None:
        """Hand each message to the call that waits for it, until the process ends."""
        became = "could not start"
        try:
            with suppress(MsgspecError):  # what cannot be read is no answer
                for letter in process.received():
                    became = "ended"
                    self._take(REPORTS.decode(letter))
        finally:
            how = process.close()
            with self._lock:
                self._process = None
                feeds, self._feeds = list(self._feeds.values()), {}
            self._take(State(self.rate_limit, None))
            for feed in feeds:
                feed.fail(ConnectionFailedError(f"the client's process {became} ({how})", sent=True, hint="Try again."))

    def _take(self, report: Report) -> None:
        if isinstance(report, State):
            waits = report.wait != self.wait
            self.rate_limit, self.wait = report.rate_limit, report.wait
            if waits:
                for listener in self._listeners:
                    listener()
        elif feed := self._feeds.get(report.number):
            feed.put(report)
            if feed.ended:
                self._feeds.pop(report.number, None)

    def on_state(self, listener: Callable[[], None]) -> None:
        """Call `listener`, on another thread, whenever a wait begins or ends."""
        self._listeners.append(listener)

    def ask(self, decode: Callable[[Raw], T], operation: Operation) -> Feed[T]:
        """Ask the process for something; returns the feed of its answers."""
        with self._lock:
            process = self._running()
            feed = Feed(next(self._numbers), decode)
            self._feeds[feed.number] = feed
            process.send(sealed(Call(feed.number, operation)))
        return feed

    def give_up(self, feed: Feed[object]) -> None:
        """Cancel a call, unless it has ended."""
        with self._lock:
            if self._feeds.pop(feed.number, None) is not None and self._process is not None:
                self._process.send(sealed(Cancel(feed.number)))

    def withdraw(self, feed: Feed[object]) -> None:
        """Ask the process to keep a DELETE back that has not left yet."""
        with self._lock:
            if feed.number in self._feeds and self._process is not None:
                self._process.send(sealed(Withdraw(feed.number)))
