"""Keys are handled one after the other, each to its end."""

import asyncio
from contextlib import nullcontext, suppress
from typing import Final

from textual.app import App
from textual.dom import DOMNode
from textual.driver import Driver
from textual.events import Callback, Event, Key
from textual.message import Message
from textual.widgets import Input

from snaptui.tui.keys.guard import DropsKeys, KeyGuard

SETTLING_SECONDS: Final = 2.0


class OneKeyAtATime(App[int]):
    """Finishes each key before the next: otherwise keys typed fast act on a screen that is about to change.

    Textual runs a key's action when the key has bubbled up to the application, behind the keys that have come
    meanwhile.
    """

    def __init__(self, driver: type[Driver]) -> None:
        super().__init__(driver_class=driver)
        self._key_guard = KeyGuard()

    def say_burst(self, keys: int) -> None:
        """Say that so many keys came like a paste and did nothing."""
        raise NotImplementedError

    async def on_event(self, event: Event) -> None:
        """Handle a key."""
        if not isinstance(event, Key) or event.is_forwarded or not self.screen_stack:
            await super().on_event(event)
            return
        screen, target = self.screen, self.focused or self.screen
        if self._key_guard.drops(event, typing=isinstance(target, Input)):
            self.say_burst(self._key_guard.dropped)
            return
        if isinstance(screen, DropsKeys) and screen.drops(event):
            return
        # A letter, come or gone, and the rows that it leaves are one frame.
        with self.batch_update() if isinstance(target, Input) else nullcontext():
            is_text = target.check_consume_key(event.key, event.character)
            if is_text or not await self._check_bindings(event.key):
                await super().on_event(event)
            await _settled(target)
        screen.check_idle()

    async def _post_message(self, message: Message) -> bool:
        """Note when keys arrive, which is before they are handled."""
        if isinstance(message, Key):
            self._key_guard.arrive(message)
        return await super()._post_message(message)


async def _settled(target: DOMNode) -> None:
    """Wait until a widget, and all that hold it, have handled what is in their queues; not long for a busy one."""
    for pump in (target, *target.ancestors):
        if isinstance(pump, App):
            return
        for _ in range(2):  # what a message leads to is in the queue behind the first mark
            handled = asyncio.Event()
            # Unlike `call_later` and `wait_for`, which would take longer than the key's action.
            if not pump.post_message(Callback(callback=handled.set)):
                break  # it is gone
            with suppress(TimeoutError):
                async with asyncio.timeout(SETTLING_SECONDS):
                    await handled.wait()
