"""Speed of a link, told by how long answers take; on a slow one the newest is never behind much that is old."""

import heapq
import random
import re
from itertools import count

import pytest

from snaptui.terminal.frames import QUESTION, Frames
from snaptui.terminal.link import LEAST_BYTES_PER_SECOND, NOTABLE_BYTES, Burst, Link
from snaptui.terminal.screen_model import CellScreen

from .conftest import Terminal

WIDTH, HEIGHT = SIZE = (80, 24)
KEY_SECONDS = 1 / 30
ROWS = 11
MOST_SECONDS = 0.5


def test_nothing_is_held_back_before_a_link_has_shown_itself_to_be_slow() -> None:
    link = Link()
    link.sent(1.0, 1_000_000)
    assert link.drained_at == 1.0
    link.answered(3.0, Burst(1.0, 1_000_000))
    assert link.bytes_per_second == float("inf")


def test_the_difference_between_two_answers_tells_how_fast_bytes_pass() -> None:
    link = Link()
    link.answered(1.0, Burst(0.5, 100))
    link.answered(3.0, Burst(2.0, 1_100))
    assert link.bytes_per_second == 2_000
    link.sent(4.0, 300)
    assert link.drained_at == 4.15
    link.sent(4.1, 300)
    assert link.drained_at == pytest.approx(4.3)


def test_a_link_that_hangs_for_once_is_not_a_slow_one() -> None:
    link = Link()
    for seconds, size in ((0.5, 100), (0.6, 1_100), (9.0, 1_100)):
        link.answered(seconds, Burst(0.0, size))
    assert link.bytes_per_second == pytest.approx(10_000)


def test_a_difference_of_a_few_bytes_tells_nothing() -> None:
    link = Link()
    link.answered(0.5, Burst(0.0, 100))
    link.answered(0.9, Burst(0.0, 100 + NOTABLE_BYTES - 1))
    assert link.bytes_per_second == float("inf")


def test_no_link_is_taken_for_one_that_brings_next_to_nothing() -> None:
    link = Link()
    link.answered(0.5, Burst(0.0, 100))
    link.answered(100.0, Burst(0.0, 100 + NOTABLE_BYTES))
    assert link.bytes_per_second == LEAST_BYTES_PER_SECOND


def test_what_is_asked_later_says_nothing_about_what_was_sent_before() -> None:
    link = Link()
    link.sent(1.0, 500)
    link.sent(1.01, 300)
    assert link.burst(1.02) == Burst(1.0, 800)
    assert link.burst(1.5) is None


class FarTerminal:
    """A terminal at the far end of a link, in a time of its own, and a list in which a held key moves the cursor."""

    def __init__(self, bytes_per_second: float, delay_seconds: float) -> None:
        self._rate, self._delay = bytes_per_second, delay_seconds
        self._names = [f"{random.Random(n).getrandbits(230):058x}" for n in range(300)]
        self._frames = Frames(CellScreen(*SIZE))
        self.shown = Terminal(*SIZE)
        self.now = self._busy_until = self.last_arrival = 0.0
        self.unanswered = self.most_unanswered = 0
        self.sent: list[str] = []
        self._events: list[tuple[float, int, str, str]] = []
        self._numbers = count()
        self._leave(self._frames.start(*SIZE, self.now, is_asked=True))
        self.show(0)
        self.rest()

    def show(self, cursor: int) -> None:
        """Let the program draw the page that the cursor is on, with details below."""
        first = cursor - cursor % ROWS
        rows = [f"\x1b[{7 if n == cursor else 0}m {self._names[n]:<78} " for n in range(first, first + ROWS)]
        rows += [f"\x1b[0m{self._names[cursor + n][:40]:<80}" for n in range(5)] + [f"\x1b[0m{cursor:<80}"]
        self._frames.receive("".join(f"\x1b[{y};1H{row}" for y, row in enumerate(rows, 5)) + "\x1b[1;1H")
        self._draw()

    def _draw(self) -> None:
        self._leave(self._frames.draw(self.now))
        wake_at = self._frames.wake_at(self.now)
        if wake_at is not None:
            self._at(wake_at, "wake")

    def _at(self, moment: float, what: str, data: str = "") -> None:
        heapq.heappush(self._events, (moment, next(self._numbers), what, data))

    def _leave(self, output: str) -> None:
        if output:
            self.sent.append(output)
            self.unanswered += output.count(QUESTION)
            self.most_unanswered = max(self.most_unanswered, self.unanswered)
            self._busy_until = max(self._busy_until, self.now) + len(output) / self._rate
            self._at(self._busy_until + self._delay, "arrive", output)

    def type(self, keys: int) -> float:
        """Hold a key down and return when it was released."""
        for n in range(1, keys + 1):
            self._at(self.now + n * KEY_SECONDS + self._delay, "key", str(n))
        released = self.now + keys * KEY_SECONDS
        self.rest()
        return released

    def rest(self) -> None:
        """Let everything happen that is to happen."""
        while self._events:
            moment, _, what, data = heapq.heappop(self._events)
            self.now = max(self.now, moment)
            if what == "arrive":
                self._arrive(data)
            elif what == "key":
                self.show(int(data))
            else:
                self._answered(data)

    def _arrive(self, output: str) -> None:
        self.last_arrival = self.now
        for part in re.split(f"({re.escape(QUESTION)})", output):
            if part == QUESTION:
                self._at(self.now + self._delay, "answer", "{},{}".format(*self.shown.place))
            else:
                self.shown.show(part)

    def _answered(self, place: str) -> None:
        if place:
            self.unanswered -= 1
            x, y = map(int, place.split(","))
            self._frames.answer(self.now, (x, y))
        else:
            self._frames.give_up(self.now)
        self._draw()


@pytest.mark.parametrize("keys", range(30, 90))
def test_at_3_kb_per_second_the_screen_stands_still_soon_after_a_held_key_whenever_it_is_released(keys: int) -> None:
    far = FarTerminal(3_000, 0.3)
    released = far.type(keys)
    witness = FarTerminal(1e9, 0.0)
    witness.type(keys)
    assert far.shown.cells == witness.shown.cells
    assert far.most_unanswered <= 2
    assert far.last_arrival - released - 0.6 <= MOST_SECONDS


def test_on_a_fast_link_frames_are_whole_and_follow_each_key() -> None:
    far = FarTerminal(125_000, 0.05)
    before = len(far.sent)
    far.type(60)
    frames = far.sent[before:]
    assert all(frame.endswith(QUESTION) for frame in frames)
    assert far.most_unanswered <= 2
    assert len(frames) > 30  # two in each round trip of a tenth of a second
