"""Confirmation of a deletion without a screen: options that fit, or answers typed after their question."""

import os
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import StringIO
from threading import Event, Thread, Timer
from typing import TextIO

import pytest

from snaptui.cli.confirming import ARMING_SECONDS, is_answered, is_confirmed, questions
from snaptui.cli.failures import UsageError

LONGEST_SECONDS = 10.0
NOTHING = Namespace(confirm=None, confirm_up_to=None, max_batch=None, unproven_account=False)


def options(**given: object) -> Namespace:
    return Namespace(**{**vars(NOTHING), **given})


def confirmed(number: int, given: Namespace, *, named: int = 0, unproven: bool = False) -> bool:
    nobody = StringIO()
    agreed = is_confirmed(
        number, named or number, given, max_batch=3, unproven=unproven, terminal=StringIO(), said=nobody
    )
    assert nobody.getvalue() == "", "nobody is asked who has confirmed already, or cannot answer"
    return agreed


@pytest.mark.parametrize(
    ("number", "named", "given"),
    [
        (2, 2, {"confirm": 2}),
        (2, 5, {"confirm": 5}),
        (2, 5, {"confirm": 2}),
        (3, 3, {"confirm": 3}),
        (2, 2, {"confirm_up_to": 2}),
        (2, 2, {"confirm_up_to": 50}),
        (2, 2, {"confirm": 2, "confirm_up_to": 2}),
        (4, 4, {"confirm": 4, "max_batch": 4}),
        (2, 2, {"confirm": 2, "max_batch": 2}),
    ],
)
def test_options_that_fit_confirm(number: int, named: int, given: dict[str, object]) -> None:
    assert confirmed(number, options(**given), named=named)


@pytest.mark.parametrize(
    ("number", "given", "said"),
    [
        (2, {"confirm": 1}, "--confirm 1 is not the number of snapshots in the plan, 2"),
        (2, {"confirm": 3}, "--confirm 3 is not the number of snapshots in the plan, 2"),
        (3, {"confirm_up_to": 2}, "--confirm-up-to 2 is less than the 3 snapshots in the plan"),
        (3, {"confirm": 3, "confirm_up_to": 2}, "--confirm-up-to 2 is less than the 3 snapshots in the plan"),
        (2, {"confirm": 1, "confirm_up_to": 2}, "--confirm 1 is not the number of snapshots in the plan, 2"),
        (4, {"confirm": 4}, "4 are more than max_batch, 3: --max-batch 4 allows it once"),
        (4, {"confirm_up_to": 9}, "4 are more than max_batch, 3: --max-batch 4 allows it once"),
        (
            1_200,
            {"confirm": 1_200, "max_batch": 1_199},
            "1,200 are more than max_batch, 1,199: --max-batch 1200 allows it once",
        ),
        (2, {"confirm": 2, "max_batch": 0}, "2 are more than max_batch, 0: --max-batch 2 allows it once"),
        (2, {}, "without a terminal, give --confirm 2 to delete these"),
        (2, {"max_batch": 9, "unproven_account": True}, "without a terminal, give --confirm 2 to delete these"),
        (
            4,
            {},
            "without a terminal, give --confirm 4 to delete these; "
            "4 are more than max_batch, 3: --max-batch 4 allows it once",
        ),
    ],
)
def test_options_that_do_not_fit_are_refused_in_words(number: int, given: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError) as refused:
        confirmed(number, options(**given))
    assert str(refused.value) == said


def test_an_account_that_is_not_proven_is_confirmed_by_an_option_of_its_own() -> None:
    with pytest.raises(UsageError) as refused:
        confirmed(2, options(confirm=2), unproven=True)
    assert str(refused.value) == (
        "it cannot be told whose account this is: --unproven-account confirms it all the same"
    )
    doubts = (
        "4 are more than max_batch, 3: --max-batch 4 allows it once; "
        "it cannot be told whose account this is: --unproven-account confirms it all the same"
    )
    for given, said in (
        ({}, f"without a terminal, give --confirm 4 to delete these; {doubts}"),
        ({"confirm": 4}, doubts),
    ):
        with pytest.raises(UsageError) as refused:
            confirmed(4, options(**given), unproven=True)
        assert str(refused.value) == said
    assert confirmed(2, options(confirm=2, unproven_account=True), unproven=True)
    assert confirmed(2, options(confirm=2), unproven=False)


NUMBER = ("There is no undo. Type 3 to delete them", "3")
UNPROVEN = ("It cannot be told whose account this is. Type unproven to go on", "unproven")
MANY = ("So many? Then type delete them all", "delete them all")


def test_each_doubt_is_a_question_with_words_of_its_own() -> None:
    assert questions(3, more_than_usual=False, unproven=False) == [NUMBER]
    assert questions(3, more_than_usual=True, unproven=False) == [NUMBER, MANY]
    assert questions(3, more_than_usual=False, unproven=True) == [UNPROVEN, NUMBER]
    assert questions(3, more_than_usual=True, unproven=True) == [UNPROVEN, NUMBER, MANY]


class Prompt(StringIO):
    """Output in which a question is printed; does something once its colon stands there."""

    def __init__(self, then: Callable[[], object]) -> None:
        super().__init__()
        self._then = then
        self.flushed: list[str] = []

    def write(self, text: str) -> int:
        written = super().write(text)
        if text == ": ":
            self._then()
        return written

    def flush(self) -> None:
        self.flushed.append(self.getvalue())


class Line:
    """A real terminal: what is written to it is typed."""

    def __init__(self, master: int, terminal: TextIO) -> None:
        self.terminal = terminal
        self._master = master

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def answered(self, then: str, wanted: str = "3", patience_seconds: float = 10.0) -> tuple[bool, Prompt]:
        """Ask, and type something once the colon is there."""
        prompt = Prompt(lambda: self.type(then))
        return is_answered("Type 3", wanted, self.terminal, prompt, patience_seconds=patience_seconds), prompt


@pytest.fixture
def line() -> Iterator[Line]:
    master, slave = os.openpty()
    # Where the colon never comes nothing is typed either: the answer is not waited for without end.
    hang_up = Timer(LONGEST_SECONDS, os.close, (master,))
    hang_up.start()
    with os.fdopen(slave) as terminal:
        yield Line(master, terminal)
    hang_up.cancel()
    hang_up.join()
    with suppress(OSError):
        os.close(master)


@pytest.mark.parametrize(
    ("typed", "agreed"),
    [
        ("3\n", True),
        ("  3 \n", True),
        ("\n", False),
        ("30\n", False),
        ("03\n", False),
        ("y\n", False),
        ("33\x7f\n", True),
    ],
)
def test_only_the_answer_goes_on(line: Line, typed: str, agreed: bool) -> None:
    answer, prompt = line.answered(typed)
    assert answer is agreed
    assert prompt.getvalue() == "Type 3: "
    assert prompt.flushed == ["Type 3", "Type 3: "], "a question is seen before it is waited for"


@pytest.mark.parametrize("before", ["3\n", "3", "3\n3\n3", "\n"])
def test_what_was_typed_before_the_colon_is_no_answer(line: Line, before: str) -> None:
    line.type(before)
    answer, _ = line.answered("\n")
    assert not answer


def test_what_was_typed_before_is_no_part_of_the_answer_either(line: Line) -> None:
    line.type("7\n1")
    answer, _ = line.answered("3\n")
    assert answer


def test_a_line_that_was_begun_before_the_colon_and_not_ended_is_no_part_of_the_answer(line: Line) -> None:
    prompt, answers = Prompt(lambda: None), list[bool]()
    asked = Thread(target=lambda: answers.append(is_answered("Type 3", "3", line.terminal, prompt)))
    asked.start()
    while not prompt.flushed:
        asked.join(0.01)
    # Ctrl-U takes back what was typed before: "3" stands there without an Enter, well before the colon comes.
    until = time.monotonic() + ARMING_SECONDS / 2
    while time.monotonic() < until:
        line.type("\x153")
        asked.join(0.01)
    while not prompt.getvalue().endswith(": "):
        asked.join(0.01)
    line.type("\n")
    asked.join()
    assert answers == [False]


def test_something_that_keeps_typing_is_nobody_who_agrees(line: Line, capsys: pytest.CaptureFixture[str]) -> None:
    over = Event()

    def keep_typing() -> None:
        while not over.wait(0.02):
            line.type("3\n")

    typing = Thread(target=keep_typing)
    typing.start()
    began = time.monotonic()
    try:
        answer, prompt = line.answered("3\n", patience_seconds=0.6)
        assert time.monotonic() - began < 4.0
    finally:
        over.set()
        typing.join()
    assert not answer
    assert prompt.getvalue() == "Type 3\n"
    assert capsys.readouterr().err == "snaptui: something keeps typing\n"


def test_typing_that_ends_in_time_leaves_the_question(line: Line) -> None:
    several = iter(range(5))
    over = Event()

    def type_a_little() -> None:
        while not over.wait(0.05) and next(several, None) is not None:
            line.type("3\n")

    typing = Thread(target=type_a_little)
    typing.start()
    try:
        answer, prompt = line.answered("\n")
    finally:
        over.set()
        typing.join()
    assert not answer
    assert prompt.getvalue() == "Type 3: "


class Answers(Prompt):
    """Types one answer after the other, each once its question stands there."""

    def __init__(self, line: Line, *answers: str) -> None:
        left = iter(answers)
        super().__init__(lambda: line.type(f"{next(left)}\n"))


@pytest.mark.parametrize(
    ("number", "given", "unproven", "answers"),
    [
        (3, {}, False, ["3"]),
        (4, {}, False, ["4", "delete them all"]),
        (4, {"max_batch": 4}, False, ["4"]),
        (3, {"max_batch": 2}, False, ["3", "delete them all"]),
        (3, {}, True, ["unproven", "3"]),
        (3, {"unproven_account": True}, True, ["3"]),
        (4, {}, True, ["unproven", "4", "delete them all"]),
    ],
)
def test_somebody_at_a_terminal_answers_every_question(
    line: Line, number: int, given: dict[str, object], unproven: bool, answers: list[str]
) -> None:
    for last, agreed in ((answers[-1], True), ("no", False)):
        said = Answers(line, *answers[:-1], last)
        asked = is_confirmed(
            number, number, options(**given), max_batch=3, unproven=unproven, terminal=line.terminal, said=said
        )
        assert asked is agreed
        wanted = questions(number, more_than_usual="delete them all" in answers, unproven="unproven" in answers)
        assert said.getvalue() == "".join(f"{question}: " for question, _ in wanted)
