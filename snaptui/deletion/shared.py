"""Parts that all batches of a queue share: the client, the guards, the clocks."""

from collections.abc import Awaitable, Callable

from msgspec import Struct
from msgspec.structs import replace

from snaptui.deletion.client_interface import Api
from snaptui.deletion.guards import Guards
from snaptui.query import QueryContext


class Shared(Struct, frozen=True):
    """Client, guards, clocks and limits of a queue, for each of its batches.

    `wall` tells dates (Unix seconds), `clock` durations (`boot_seconds`). `context` gives the moment and the sources
    that protection rules are judged by. `changed` is called after every change of a batch.
    """

    api: Api
    guards: Guards
    context: Callable[[], QueryContext]
    wall: Callable[[], float]
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    changed: Callable[[], None]
    workers: int
    """Items of a batch that are under way at once."""
    few: int
    """Of up to so many items each is looked at by itself."""
    grace_seconds: float
    gone_or_leaving: set[str]
    """The ids of what has passed the guards or is gone: a rule such as `is:only` judges the others without it."""

    def context_of_rest(self) -> QueryContext:
        """Return the facts that a snapshot is judged by, in which the others that have passed the guards are gone."""
        context = self.context()
        if context.places is None:
            return context
        return replace(context, places=context.places.without(self.gone_or_leaving))
