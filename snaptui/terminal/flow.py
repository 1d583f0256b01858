"""Flow control of frames: after each the terminal is asked for its cursor's place, and the answers limit the next."""

from collections import deque
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from snaptui.terminal.link import Burst, Link

Place = tuple[int, int]
MOST_UNANSWERED: Final = 2
"""Frames on their way at once. Measured over ssh at 256 kbit/s: what Textual writes goes on for 23 s after a held key
is released, and for 0.7 s with this limit. Four frames are no faster at 100 ms and cost 60 % more bytes."""
PATIENCE_SECONDS: Final = 2.0
STALL_SECONDS: Final = 10.0
_LATE_FACTOR: Final = 2.0


class Question(Struct, frozen=True):
    """A request for the cursor's place, sent after a frame or by itself; `place` is the expected one, if known.

    What is abandoned is not waited for, but its answer may still come, before those to later questions.
    """

    number: int
    asked: float
    place: Place | None
    is_frame: bool
    is_abandoned: bool = False
    burst: Burst | None = None


class Answer(Struct, frozen=True):
    """An answer to a question: all output up to it is done; `misplaced`: the cursor was not where it should be."""

    number: int
    round_trip_seconds: float
    misplaced: bool


class Flow:
    """Flow control by pairing answers with questions. Times are seconds of one clock.

    A terminal that does not answer its first question within two seconds is taken for one that cannot: frames are no
    longer held for it, until an answer comes after all. One that has answered before only has a bad link: more frames
    would queue up in it, so another two are tried after ten seconds.
    """

    def __init__(self) -> None:
        self.on = True
        self.link = Link()
        self._has_answered = False
        self._asked = 0
        self._round_trip_seconds = 0.0
        self._unanswered: deque[Question] = deque()

    @property
    def next_number(self) -> int:
        """The number of the next question."""
        return self._asked + 1

    def may_draw(self, now: float) -> bool:
        """True when another frame may be sent."""
        room_at = self._room_at
        return room_at is not None and room_at <= now

    @property
    def _frames_asked(self) -> list[float]:
        return [q.asked for q in self._unanswered if q.is_frame and not q.is_abandoned]

    @property
    def is_idle(self) -> bool:
        """True when no frame is on its way."""
        return not self._frames_asked

    def is_late(self, now: float) -> bool:
        """True when the answer to a frame takes longer than answers usually do."""
        return any(now > asked + _LATE_FACTOR * self._round_trip_seconds for asked in self._frames_asked)

    @property
    def _room_at(self) -> float | None:
        """Time from which another frame may be sent; `None`: not before an answer.

        Two frames are spread over the time that the terminal takes to answer: sent together, the second would show
        what is old when it arrives.
        """
        frames = self._frames_asked
        if not self.on or not frames:
            return float("-inf")
        if len(frames) >= MOST_UNANSWERED:
            return None
        return frames[-1] + self._round_trip_seconds / MOST_UNANSWERED

    @property
    def _overdue_at(self) -> float | None:
        asked = next((q.asked for q in self._unanswered if not q.is_abandoned), None)
        if not self.on or asked is None:
            return None
        return asked + (STALL_SECONDS if self._has_answered else PATIENCE_SECONDS)

    @property
    def owes_answers(self) -> bool:
        """True while any question has not been answered, however long ago it was asked."""
        return bool(self._unanswered)

    def wake_at(self, now: float) -> float | None:
        """Time to check again without an answer: there is room for a frame then, or waiting is over."""
        room_at = self._room_at
        return room_at if room_at is not None and room_at > now else self._overdue_at

    def ask(self, now: float, place: Place | None, *, is_frame: bool) -> int:
        """Note a question and return its number."""
        self._asked += 1
        self._unanswered.append(Question(self._asked, now, place, is_frame, burst=self.link.burst(now)))
        return self._asked

    def forget_places(self) -> None:
        """Expect the cursor nowhere: the terminal has changed its size."""
        self._unanswered = deque(replace(q, place=None) for q in self._unanswered)

    def restart(self, *, on: bool) -> None:
        """Wait for no answer to questions asked before now."""
        self.on = on
        self._abandon()

    def _abandon(self) -> None:
        self._unanswered = deque(replace(q, is_abandoned=True) for q in self._unanswered)

    def answer(self, now: float, place: Place) -> Answer | None:
        """Return the answer that a cursor report gives; `None` if nothing was asked that it could answer.

        Answers come in order, so one that fits a later question means that those before it were lost. One that fits
        none is that to the oldest question, if this was a frame: Shift+F3 looks like an answer, too, and must not
        pass for one that was asked for at a place of its own.
        """
        fitting = next((q for q in self._unanswered if q.place in (place, None)), None)
        question = fitting or next((q for q in self._unanswered if q.is_frame), None)
        if question is None:
            return None
        while self._unanswered and self._unanswered[0].number <= question.number:
            self._unanswered.popleft()
        self.on = self._has_answered = True
        if question.burst is not None:
            self.link.answered(now, question.burst)
        if question.is_frame:
            self._round_trip_seconds = now - question.asked
        return Answer(question.number, now - question.asked, misplaced=fitting is None)

    def free_place(self, width: int, height: int) -> Place:
        """Return a place of the cursor that only one question has: its answer cannot be that to another."""
        taken = {question.place for question in self._unanswered}
        places = ((x, height - 1) for x in range(width - 1, -1, -1))
        return next((place for place in places if place not in taken), (0, 0))

    def give_up(self, now: float) -> bool:
        """Stop waiting for what has been unanswered for too long; return whether there was such."""
        if self._overdue_at is None or now < self._overdue_at:
            return False
        if self._has_answered:
            self._abandon()
        else:
            self.on = False
        return True
