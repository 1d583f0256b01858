"""Holds: waits of the server's event loop for events that tests set on threads of their own."""

import asyncio
from contextlib import suppress
from threading import Event, Thread


class Holds:
    """Waits in force, which end when a test lets them go or the server ends."""

    def __init__(self) -> None:
        self._events: set[Event] = set()

    async def wait(self, event: Event) -> None:
        """Wait for an event of another thread, however many others wait too."""
        self._events.add(event)
        loop, released = asyncio.get_running_loop(), asyncio.Event()

        def watch() -> None:
            event.wait()
            with suppress(RuntimeError):  # the loop has ended first
                loop.call_soon_threadsafe(released.set)

        # A thread each, not the loop's few: a test that holds many requests must not starve the last of them.
        Thread(target=watch, name="snaptui-demo-hold", daemon=True).start()
        await released.wait()

    def release(self) -> None:
        """Let every watcher end: nothing is left to hold."""
        for event in self._events:
            event.set()
