"""snaptui on a link of 3 kB/s whose bytes take 0.3 s, keys and the terminal's answers included."""

import os
import re
import select
import time
from collections import deque
from collections.abc import Callable
from functools import partial

from pyte.screens import Char

from snaptui.demo.api import DEMO_TOKEN
from snaptui.tui.widgets.lines import CURSOR_SIGN
from tests.support.server import ScriptedServer

from .conftest import Open, Terminal, picture

Serve = Callable[..., ScriptedServer]
BYTES_PER_SECOND = 3_000
DELAY_SECONDS = 0.3
BUFFER_BYTES = 4_096
PIECE_BYTES = 64
KEYS_PER_SECOND = 30
HELD_KEYS = 90
STANDING_STILL_SECONDS = 0.5
BUSY_SECONDS = 0.5
"""Allowed to a machine that does other things besides: it is late, and so seems the link."""
MOST_HOLDS = 5
BEFORE_IT_IS_SEEN_SECONDS = 0.25  # between keys; the review can be seen after two delays and its drawing
# Keys, the seconds between them, and what is to be seen then.
TOUR = (
    ("j" * HELD_KEYS, 1 / KEYS_PER_SECOND, "page 9/22 · 89–99 of 240"),
    ("]", 0.0, "page 10/22"),
    ("  ", 0.2, "2 marked"),
    ("/web", 0.15, "that match"),
    ("\x1b", 0.0, "press / to find"),
    ("d2\r", 0.0, "2 keys came before this was drawn"),
    ("\x1b", 0.0, "dearest first"),
)


class SlowTerminal(Terminal):
    """A terminal at the far end of a slow link; what the link has no room for stays with the program."""

    def __init__(self, arguments: list[str], environment: dict[str, str], size: tuple[int, int]) -> None:
        self._up: deque[tuple[float, bytes]] = deque()
        self._down: deque[tuple[float, bytes]] = deque()
        self._busy_until = 0.0
        self.last_arrival = 0.0
        super().__init__(arguments, environment, size)

    def send(self, keys: str) -> None:
        """Type keys; they arrive later."""
        self._up.append((time.monotonic() + DELAY_SECONDS, keys.encode()))

    def _answer(self, data: str) -> None:
        self.send(data)

    def read(self, seconds: float = 0.05) -> bool:
        """Let the link work until something arrives at the screen, but not longer."""
        deadline = time.monotonic() + seconds
        while not (arrived := self._deliver()) and time.monotonic() < deadline:
            self._take(deadline)
        return arrived

    def _deliver(self) -> bool:
        now, arrived = time.monotonic(), False
        while self._up and self._up[0][0] <= now:
            self.process.write(self._up.popleft()[1])
        while self._down and self._down[0][0] <= now:
            self.show(self._down.popleft()[1])
            self.last_arrival, arrived = now, True
        return arrived

    def _take(self, deadline: float) -> None:
        """Take from the program what there is room for, at most until something is due."""
        now = time.monotonic()
        room_at = self._busy_until - (BUFFER_BYTES - PIECE_BYTES) / BYTES_PER_SECOND
        due = [queue[0][0] for queue in (self._up, self._down) if queue]
        until = min([deadline, *due, *([room_at] if room_at > now else [])])
        ready, _, _ = select.select([] if room_at > now else [self.process.fd], [], [], max(0.0, until - now))
        if ready:
            data = os.read(self.process.fd, PIECE_BYTES)
            self._busy_until = max(time.monotonic(), self._busy_until) + len(data) / BYTES_PER_SECOND
            self._down.append((self._busy_until + DELAY_SECONDS, data))


def _type(screen: Terminal, keys: str, seconds_between: float) -> float:
    """Type keys and return when the last one was pressed."""
    start = time.monotonic()
    for number, key in enumerate(keys):
        screen.pause(start + number * seconds_between - time.monotonic())
        screen.send(key)
    return time.monotonic()


def _position(screen: Terminal) -> int | None:
    """Return how many rows are above the cursor on all pages; `None` while a frame has arrived in part."""
    page = re.search(r"page [\d,]+/[\d,]+ · ([\d,]+)–", screen.text)
    lines = screen.text.splitlines()
    headings = [y for y, line in enumerate(lines) if line.split()[:1] == ["NAME"]]
    cursors = [y for y, line in enumerate(lines) if CURSOR_SIGN in line]
    if page is None or len(headings) != 1 or len(cursors) != 1:
        return None
    return int(page[1]) + cursors[0] - headings[0] - 2


def _shows(screen: Terminal, wanted: list[list[Char]]) -> bool:
    return picture(screen) == wanted


def _is_at(screen: Terminal, position: int) -> bool:
    return _position(screen) == position


def _opened(terminal: Open, server: ScriptedServer, kind: type[Terminal]) -> Terminal:
    screen = terminal("--api-url", server.url, kind=kind, DIGITALOCEAN_TOKEN=DEMO_TOKEN)
    screen.until_text("✓ complete")
    screen.until_text("team Acme")
    return screen


def _tour_at_full_speed(screen: Terminal) -> list[list[list[Char]]]:
    """Return what the screen shows in the end of every step."""
    pictures = []
    for keys, _, shown in TOUR:
        screen.send(keys)
        screen.until_text(shown)
        screen.until_quiet()
        pictures.append(picture(screen))
    return pictures


def test_a_slow_link_shows_what_a_fast_one_shows_and_deletes_nothing_that_was_not_seen(
    terminal: Open, serve: Serve
) -> None:
    server, witness = serve(), serve()
    pictures = _tour_at_full_speed(_opened(terminal, witness, Terminal))
    screen = _opened(terminal, server, SlowTerminal)
    for (keys, seconds_between, _), wanted in zip(TOUR, pictures, strict=True):
        _type(screen, keys, seconds_between)
        screen.until(partial(_shows, screen, wanted))
        if len(keys) == HELD_KEYS:
            assert _position(screen) == HELD_KEYS
    _type(screen, "d2\r", BEFORE_IT_IS_SEEN_SECONDS)
    screen.until_text("2 keys came before this was drawn")
    screen.send("\x1b")
    screen.until(lambda: picture(screen) == pictures[-1])
    assert [server.count("DELETE"), witness.count("DELETE")] == [0, 0]


def test_the_screen_stands_still_soon_after_a_held_key_is_released(terminal: Open, serve: Serve) -> None:
    screen = _opened(terminal, serve(), SlowTerminal)
    assert isinstance(screen, SlowTerminal)
    still = []
    for _ in range(MOST_HOLDS):
        screen.send("g")
        screen.until(partial(_is_at, screen, 0))
        screen.until_quiet(3 * DELAY_SECONDS)
        released = _type(screen, "j" * HELD_KEYS, 1 / KEYS_PER_SECOND)
        screen.until(partial(_is_at, screen, HELD_KEYS))
        screen.until_quiet(3 * DELAY_SECONDS)
        # The last key is under way for the link's delay, and so is what it changes.
        still.append(screen.last_arrival - released - 2 * DELAY_SECONDS)
        if still[-1] <= STANDING_STILL_SECONDS:
            break
    assert min(still) <= STANDING_STILL_SECONDS + BUSY_SECONDS, still
