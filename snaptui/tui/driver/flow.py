"""How many frames may be on their way: after each the terminal is asked where its cursor is, and answers."""

from collections import deque
from dataclasses import dataclass, replace
from typing import Final

Place = tuple[int, int]
MOST_UNANSWERED: Final = 2
PATIENCE_SECONDS: Final = 2.0
STALL_SECONDS: Final = 10.0
_MODIFIED_F3: Final = range(1, 16)


@dataclass(frozen=True, slots=True)
class Question:
    """Asked after a frame, or only to hear from the terminal; `place` is where its cursor should be, if known.

    What is abandoned is not waited for, but its answer may still come, before those to later questions.
    """

    number: int
    asked: float
    place: Place | None
    is_frame: bool
    is_abandoned: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The terminal has done everything up to a question; `misplaced`: its cursor was not where it should be."""

    number: int
    round_trip_seconds: float
    misplaced: bool


class Flow:
    """Pairs answers with questions. Times are seconds of one clock.

    A terminal that does not answer its first question within two seconds is taken for one that cannot: frames are no
    longer held for it, until an answer comes after all. One that has answered before only has a bad link: more frames
    would queue up in it, so another two are tried after ten seconds.
    """

    def __init__(self) -> None:
        self.on = True
        self._has_answered = False
        self._asked = 0
        self._unanswered: deque[Question] = deque()

    @property
    def next_number(self) -> int:
        """The number of the next question."""
        return self._asked + 1

    @property
    def waiting(self) -> bool:
        """Whether an answer is to be expected."""
        return self.deadline is not None

    @property
    def may_draw(self) -> bool:
        """Whether another frame may be sent."""
        return not self.on or sum(q.is_frame and not q.is_abandoned for q in self._unanswered) < MOST_UNANSWERED

    @property
    def deadline(self) -> float | None:
        """When to give up waiting."""
        asked = next((q.asked for q in self._unanswered if not q.is_abandoned), None)
        if not self.on or asked is None:
            return None
        return asked + (STALL_SECONDS if self._has_answered else PATIENCE_SECONDS)

    def ask(self, now: float, place: Place | None, *, is_frame: bool) -> int:
        """Note a question and return its number."""
        self._asked += 1
        self._unanswered.append(Question(self._asked, now, place, is_frame))
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
        """Take an answer; `None` if nothing was asked that it could answer."""
        if not self._unanswered or self._is_key(place):
            return None
        matching = next((q.number for q in self._unanswered if q.place in (place, None)), self._unanswered[0].number)
        while self._unanswered[0].number < matching:
            self._unanswered.popleft()  # answers come in order: this one has been lost
        question = self._unanswered.popleft()
        self.on = self._has_answered = True
        misplaced = question.is_frame and question.place not in (place, None)
        return Answer(question.number, now - question.asked, misplaced)

    def _is_key(self, place: Place) -> bool:
        """Whether it is a modified F3, which looks the same."""
        return is_modified_f3(place) and all(q.place not in (place, None) for q in self._unanswered)

    def free_place(self, width: int, height: int) -> Place:
        """Return a place of the cursor that only one question has: its answer cannot be that to another."""
        taken = {question.place for question in self._unanswered}
        places = ((x, height - 1) for x in range(width - 1, -1, -1))
        return next((place for place in places if place not in taken), (0, 0))

    def give_up(self, now: float) -> bool:
        """Stop waiting for what has been unanswered for too long; return whether there was such."""
        if self.deadline is None or now < self.deadline:
            return False
        if self._has_answered:
            self._abandon()
        else:
            self.on = False
        return True


def is_modified_f3(place: Place) -> bool:
    """Whether the answer for this place looks like F3 with Shift, Alt, …"""
    return place[1] == 0 and place[0] in _MODIFIED_F3
