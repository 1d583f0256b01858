"""Key dispatch: keys are handled one after the other, each to its end; text for a field is taken in one piece."""

import asyncio
from contextlib import nullcontext, suppress
from typing import Final

from textual.app import App
from textual.dom import DOMNode
from textual.driver import Driver
from textual.errors import NoWidget
from textual.events import Callback, Event, Key, MouseEvent, Paste
from textual.keys import _character_to_key
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from snaptui.terminal.typed import InputDropped, Stroke, TextTyped
from snaptui.text.amounts import count
from snaptui.tui.keys.paste_guard import DropsKeys, KeyGuard, SaysWhatWasDropped, TakesBursts, without

SETTLING_SECONDS: Final = 2.0


class OneKeyAtATime(App[int]):
    """App mixin that finishes each key or click before the next: else keys typed fast act on a screen about to change.

    Textual runs a key's action when the key has bubbled up to the application, behind the keys that have come
    meanwhile.
    """

    def __init__(self, driver: type[Driver]) -> None:
        super().__init__(driver_class=driver)
        self._key_guard = KeyGuard()

    def say_dropped(self, text: str) -> None:
        """Say that typed characters did nothing, where the screen does not say so itself."""
        raise NotImplementedError

    def _say(self, text: str) -> None:
        screen = self.screen
        (screen if isinstance(screen, SaysWhatWasDropped) else self).say_dropped(text)

    async def on_event(self, event: Event) -> None:
        """Handle typed text and keys; all other events are Textual's."""
        if not self.screen_stack:
            await super().on_event(event)
        elif isinstance(event, TextTyped):
            await self._handle_text(event.take())
        elif isinstance(event, InputDropped):
            self._say(f"{count(event.characters, 'character')} came after a paste that did not end, and did nothing")
        elif isinstance(event, Paste) and not event.is_forwarded and not isinstance(self.focused, Input):
            self._say(f"a paste of {count(len(event.text), 'character')} did nothing")
        elif isinstance(event, Key) and not event.is_forwarded:
            await self._handle_key(event)
        elif isinstance(event, MouseEvent) and not event.is_forwarded:
            await self._handle_mouse(event)
        else:
            await super().on_event(event)

    async def _handle_mouse(self, event: MouseEvent) -> None:
        """Handle a click to its end: a key that comes behind it means the row that it chose."""
        screen, target = self.screen, self._widget_at(event)
        await super().on_event(event)
        await _settled(target)
        screen.check_idle()

    def _widget_at(self, event: MouseEvent) -> Widget:
        try:
            return self.get_widget_at(event.x, event.y)[0]
        except NoWidget:
            return self.screen

    async def _handle_text(self, strokes: list[Stroke]) -> None:
        """Handle characters one by one, up to a text field, which takes the rest, or a burst, which does nothing."""
        while strokes:
            first = strokes[0]
            if isinstance(self.focused, Input):
                self._key_guard.typed(strokes[-1].moment)
                await self._insert(self.focused, "".join(stroke.text for stroke in strokes))
                return
            if length := self._key_guard.burst(strokes):
                burst = "".join(stroke.text for stroke in strokes)[:length]
                self._key_guard.typed(strokes[-1].moment)
                self._take_burst(burst)
            else:
                self._key_guard.typed(first.moment)
                await self._handle_key(_key_of(first.text[0]))
            strokes = without(strokes, length or 1)

    def _take_burst(self, burst: str) -> None:
        screen = self.screen
        if isinstance(screen, DropsKeys):
            burst = "".join(character for character in burst if not screen.drops(_key_of(character)))
        if burst and not (isinstance(screen, TakesBursts) and screen.takes_burst(burst)):
            self._key_guard.dropped += len(burst)
            self._say(f"{count(self._key_guard.dropped, 'key')} came at once, as if pasted, and did nothing")

    async def _insert(self, target: Input, text: str) -> None:
        """Insert typed text into a field as one change: letters and the rows that they leave are one frame."""
        screen = self.screen
        if isinstance(screen, DropsKeys):
            text = "".join(character for character in text if not screen.drops(_key_of(character)))
        if text:
            with self.batch_update():
                selected = target.selection
                target.replace(text, *selected)
                await _settled(target)
            screen.check_idle()

    async def _handle_key(self, key: Key) -> None:
        screen, target = self.screen, self.focused or self.screen
        if isinstance(screen, DropsKeys) and screen.drops(key):
            return
        if key.key == "enter" and isinstance(screen, TakesBursts) and self._key_guard.came_with_text(key):
            self._say("Enter came together with what was typed, and did nothing: press it again")
            return
        # A letter, come or gone, and the rows that it leaves are one frame.
        with self.batch_update() if isinstance(target, Input) else nullcontext():
            is_text = target.check_consume_key(key.key, key.character)
            handled = await self._check_bindings(key.key, priority=True)
            if not handled and (is_text or not await self._check_bindings(key.key)):
                await super().on_event(key)
                self._say_unknown(key, screen if not is_text else None)
            await _settled(target)
        screen.check_idle()

    def _say_unknown(self, key: Key, screen: Screen[object] | None) -> None:
        """Say that a letter does nothing, on a screen with a place for it; the others may take it for an answer."""
        if key.is_printable and isinstance(screen, SaysWhatWasDropped) and not isinstance(screen, DropsKeys):
            screen.say_dropped(f"{key.character} is no key here; ? tells them all")


def _key_of(character: str) -> Key:
    return Key("space" if character == " " else _character_to_key(character), character)


async def _settled(target: DOMNode) -> None:
    """Wait until a widget and its ancestors have handled their queued messages, but only so long for a busy one."""
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
