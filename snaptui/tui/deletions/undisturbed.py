"""Waiting for a moment at which a question disturbs nobody."""

import asyncio

from textual.screen import Screen
from textual.widgets import Input


async def undisturbed(screen: Screen[None]) -> None:
    """Return when a screen is the one in sight and nothing is being typed in it.

    A question that appears then takes no key that was meant for a text field or for another screen.
    """
    changed = asyncio.Event()
    screen.app.screen_change_signal.subscribe(screen, lambda _: changed.set(), immediate=True)
    screen.watch(screen, "focused", lambda _: changed.set(), init=False)
    while screen.app.screen is not screen or isinstance(screen.focused, Input):
        await changed.wait()
        changed.clear()
    screen.app.screen_change_signal.unsubscribe(screen)
