"""Frame scheduling: which output leaves for the terminal, and when. No I/O; times are given."""

from collections.abc import Callable
from math import inf
from typing import Final

from snaptui.terminal.flow import Answer, Flow, Place
from snaptui.terminal.screen_model import TerminalScreen
from snaptui.terminal.stats import Stats

QUESTION: Final = "\x1b[6n"
"""DSR 6: the terminal answers with its cursor's place, once it has done all that came before (VT100)."""
PART_SECONDS: Final = 0.04
"""Time that one part of a frame may take on the link: a key pressed meanwhile waits about as long."""
FAREWELL_SECONDS: Final = 1.0
MOST_FAREWELL_SECONDS: Final = 10.0
MOST_ROUND_TRIPS: Final = 3
MUTE_AFTER_SECONDS: Final = 5.0
Reached = Callable[[bool], object]


class Frames:
    """Frame scheduler: merges frames while the terminal is busy, and checks the place of its cursor.

    A frame that takes a slow link long leaves in parts, each with the newest there is then: a key pressed meanwhile
    waits for one part, not for the whole frame and an answer to it.
    """

    def __init__(self, screen: TerminalScreen) -> None:
        self.stats = Stats()
        self.flow = Flow()
        self._screen = screen
        self._fences_due: list[Reached] = []
        self._fences: dict[int, list[Reached]] = {}
        self._redrawn = 0
        self._believes_places = True
        self._begun = self._unasked = self._is_asked = False
        self._started = 0.0

    def start(self, width: int, height: int, now: float, *, is_asked: bool) -> str:
        """Begin with a terminal of this size of which nothing is known; return the first question to it, if any."""
        self._redrawn, self._believes_places = 0, True
        self._begun = self._unasked = False
        self._started, self._is_asked = now, is_asked
        self.flow.restart(on=is_asked)
        self.resize(width, height)
        return self._question_elsewhere(now)

    def _renew_fences(self) -> None:
        """Make fences wait for the answer to a new question."""
        self._fences_due += [reached for some in self._fences.values() for reached in some]
        self._fences = {}

    def resize(self, width: int, height: int) -> None:
        """Take over the terminal's size; answers given meanwhile say little about fences."""
        self._renew_fences()
        self._screen.resize(width, height)
        self.flow.forget_places()

    def forget(self) -> None:
        """Draw everything with the next frame."""
        self._screen.forget()

    def receive(self, data: str) -> str:
        """Take output of Textual; return the part that must be sent at once."""
        self.stats.bytes_written_by_textual += len(data.encode(errors="replace"))
        return self._screen.receive(data)

    def draw(self, now: float) -> str:
        """Return the newest frame, or the next part of it, if the terminal is ready for it and anything has changed."""
        if not self._may_draw(now):
            return ""
        part = self._screen.frame(self._most)
        if part:
            self.stats.frames += not self._begun
            self._unasked = True
            self.flow.link.sent(now, len(part.encode(errors="replace")))
        self._begun = not self._screen.is_drawn
        # A link so slow that it is never at rest is asked now and then all the same.
        if self._unasked and (self.flow.is_idle or not self._begun):
            self._unasked = False
            part += self._screen.point(*self._screen.cursor)
            part += self._question(now, self._screen.cursor, is_frame=True)
        return part if self._begun else part + self._fence(now)

    def _may_draw(self, now: float) -> bool:
        """True when the next part may leave: the one before has passed, so that nothing old is in the way of it."""
        if not self._begun or not self.flow.on:
            return self.flow.may_draw(now)
        return now >= self.flow.link.drained_at and not self.flow.is_late(now)

    @property
    def _most(self) -> float:
        return self.flow.link.bytes_per_second * PART_SECONDS if self.flow.on else inf

    def wake_at(self, now: float) -> float | None:
        """Time to draw or to give up without an answer having come."""
        if self._begun and now < self.flow.link.drained_at:
            return self.flow.link.drained_at
        return self.flow.wake_at(now)

    def _question(self, now: float, place: Place, *, is_frame: bool) -> str:
        if not self.flow.on:
            return ""
        self.flow.ask(now, place if self._believes_places else None, is_frame=is_frame)
        return QUESTION

    def _question_elsewhere(self, now: float) -> str:
        """Ask with the cursor in a place that tells this answer from all others; the next frame brings it back."""
        place = self.flow.free_place(*self._screen.size)
        question = self._question(now, place, is_frame=False)
        return self._screen.point(*place) + question if question else ""

    def _fence(self, now: float) -> str:
        due, self._fences_due = self._fences_due, []
        if not due:
            return ""
        if not self.flow.on:
            for reached in due:
                reached(False)
            return ""
        self._fences[self.flow.next_number] = due
        return self._question_elsewhere(now)

    def farewell(self, now: float) -> tuple[str, float]:
        """Return a last question, which the terminal answers after all others, and until when to wait for the answer.

        A terminal that has not answered so far may be a slow one for some seconds after the start, then it is mute.
        """
        slowest = self.stats.slowest_seconds
        if slowest is not None:
            until = now + FAREWELL_SECONDS + min(MOST_ROUND_TRIPS * slowest, MOST_FAREWELL_SECONDS)
        else:
            until = self._started + MUTE_AFTER_SECONDS
        if until <= now or not self._is_asked:
            return "", now
        self.flow.ask(now, None, is_frame=False)
        return QUESTION, until

    def fence(self, reached: Reached) -> None:
        """Call `reached` when the terminal shows everything written so far: true if it says so, false if it is mute."""
        self._fences_due.append(reached)

    def answer(self, now: float, place: Place) -> bool:
        """Take a report of the cursor's place; false if nobody asked."""
        answer = self.flow.answer(now, place)
        if answer is None:
            return False
        self.stats.answered(answer.round_trip_seconds)
        for number in [number for number in self._fences if number <= answer.number]:
            for reached in self._fences.pop(number):
                reached(True)
        if answer.misplaced and self._believes_places:
            self._distrust(answer)
        return True

    def _distrust(self, answer: Answer) -> None:
        """Draw everything anew, as something else wrote to the terminal; if that does not help, it miscounts."""
        if answer.number == self._redrawn:
            self._believes_places = False
            self.flow.forget_places()
        elif answer.number > self._redrawn:
            self._redrawn = self.flow.next_number
            self.forget()

    def give_up(self, now: float) -> None:
        """Wait no longer for answers that take too long."""
        if self.flow.give_up(now):
            self._renew_fences()
