"""Frames are merged while the terminal is busy, and fences stand until it is not."""

import re

import pytest

from snaptui.terminal.flow import PATIENCE_SECONDS, STALL_SECONDS
from snaptui.terminal.frames import QUESTION, Frames
from snaptui.terminal.screen_model import CellScreen

from .conftest import Terminal

SIZE = (20, 4)


class Session:
    """Frames and a terminal that answers when it is told to."""

    def __init__(self, *, answers_first: bool = True) -> None:
        self.frames = Frames(CellScreen(*SIZE))
        self.terminal = Terminal(*SIZE)
        self.now = 0.0
        self._questions: list[tuple[int, int]] = []
        self.take(self.frames.start(*SIZE, self.now, is_asked=True))
        if answers_first:
            self.answer()

    def take(self, output: str) -> str:
        """Let the terminal show output."""
        for part in re.split(f"({re.escape(QUESTION)})", output):
            if part == QUESTION:
                self._questions.append(self.terminal.place)
            else:
                self.terminal.show(part)
        return output

    def write(self, text: str) -> str:
        """Write a line of text as a frame."""
        self.take(self.frames.receive(f"\x1b[1;1H{text:20}\x1b[2;1H"))
        return self.draw()

    def draw(self) -> str:
        """Draw what may be drawn."""
        return self.take(self.frames.draw(self.now))

    def answer(self) -> bool:
        """Let the terminal answer the oldest question."""
        return self.frames.answer(self.now, self._questions.pop(0))

    def answer_all(self) -> None:
        """Let the terminal answer whatever it was asked."""
        while self._questions:
            self.answer()

    @property
    def shown(self) -> str:
        """The first line of the terminal."""
        return self.terminal.display[0].rstrip()


@pytest.fixture
def session() -> Session:
    """A session with a terminal that has answered once."""
    return Session()


def test_while_two_frames_are_unanswered_only_the_newest_state_is_kept(session: Session) -> None:
    for number in range(10):
        session.write(f"frame {number}")
    assert session.shown == "frame 1"
    assert session.frames.stats.frames == 2
    session.answer()
    session.draw()
    assert session.shown == "frame 9"
    assert session.frames.stats.frames == 3


def test_a_bell_does_not_wait(session: Session) -> None:
    for number in range(3):
        session.write(f"frame {number}")
    assert session.frames.receive("\x07") == "\x07"


def test_a_frame_that_changes_nothing_asks_nothing(session: Session) -> None:
    session.write("text")
    assert session.write("text") == ""


def test_a_terminal_that_never_answers_gets_everything_after_two_seconds() -> None:
    session = Session(answers_first=False)
    for number in range(4):
        session.write(f"frame {number}")
    assert session.shown == "frame 1"
    session.now += PATIENCE_SECONDS
    session.frames.give_up(session.now)
    assert QUESTION not in session.draw()
    assert session.shown == "frame 3"
    assert session.write("frame 4") != ""
    assert session.frames.stats.round_trip_seconds is None


def test_a_fence_falls_when_the_terminal_has_shown_what_was_written_before_it(session: Session) -> None:
    session.write("dialog")
    reached: list[bool] = []
    session.frames.fence(reached.append)
    session.draw()
    session.answer()
    assert reached == []
    session.answer()
    assert reached == [True]


def test_a_fence_waits_for_a_frame_that_is_held(session: Session) -> None:
    for text in ("one", "two", "dialog"):
        session.write(text)
    reached: list[bool] = []
    session.frames.fence(reached.append)
    session.draw()
    session.answer()
    session.draw()
    session.answer()
    assert session.shown == "dialog"
    assert reached == []
    session.answer()
    session.answer()
    assert reached == [True]


def test_an_answer_that_comes_very_late_does_not_open_a_fence(session: Session) -> None:
    session.write("one")
    session.now += STALL_SECONDS
    session.frames.give_up(session.now)
    reached: list[bool] = []
    session.frames.fence(reached.append)
    session.draw()
    session.answer()
    assert reached == []
    session.answer()
    assert reached == [True]


def test_a_resize_makes_a_fence_ask_again(session: Session) -> None:
    reached: list[bool] = []
    session.frames.fence(reached.append)
    session.draw()
    session.frames.resize(*SIZE)
    session.answer_all()
    assert reached == []
    session.draw()
    session.answer_all()
    assert reached == [True]


def test_after_a_fence_the_cursor_is_brought_back(session: Session) -> None:
    session.write("text")
    session.answer()
    session.frames.fence(lambda shown: None)
    session.draw()
    assert session.terminal.place == (SIZE[0] - 1, SIZE[1] - 1)
    session.answer()
    session.draw()
    assert session.terminal.place == (0, 1)


def test_a_fence_on_a_mute_terminal_says_that_nothing_is_known() -> None:
    session = Session(answers_first=False)
    reached: list[bool] = []
    session.frames.fence(reached.append)
    session.draw()
    session.now += PATIENCE_SECONDS
    session.frames.give_up(session.now)
    session.draw()
    assert reached == [False]


def test_a_fence_on_a_stalled_link_asks_again_and_stays(session: Session) -> None:
    reached: list[bool] = []
    session.frames.fence(reached.append)
    session.draw()
    session.now += STALL_SECONDS
    session.frames.give_up(session.now)
    assert QUESTION in session.draw()
    assert reached == []
    session.answer_all()
    assert reached == [True]


def test_a_fence_survives_suspending(session: Session) -> None:
    reached: list[bool] = []
    session.frames.fence(reached.append)
    session.draw()
    session.frames.start(*SIZE, session.now, is_asked=True)
    assert reached == []
    assert QUESTION in session.draw()


def test_a_cursor_elsewhere_means_that_something_else_wrote_and_all_is_drawn_anew(session: Session) -> None:
    session.write("text")
    session.terminal.show("\x1b[1;1HBroadcast message")
    session.frames.answer(session.now, session.terminal.place)
    session.draw()
    assert session.shown == "text"


def test_a_terminal_that_miscounts_is_not_drawn_anew_for_ever(session: Session) -> None:
    drawn = []
    for number in range(6):
        session.write(f"frame {number}")
        session.frames.answer(session.now, (17, 3))
        drawn.append(session.draw())
        session.frames.answer(session.now, (17, 3))
    assert drawn[0] != ""
    assert drawn[3:] == ["", "", ""]
