"""Leaving while deletions are unfinished: staying is the answer unless another one was chosen."""

import pytest
from textual.containers import Vertical
from textual.widgets import Button

from snaptui.tui.dialogs.leave import LeaveScreen
from snaptui.tui.widgets.wrapped_lines import WrappedLines
from tests.support.stage import Stage


@pytest.mark.parametrize(
    ("keys", "leaves"),
    [
        (["enter"], False),
        (["escape"], False),
        (["right", "enter"], True),
        (["left", "enter"], True),
        (["right", "right", "enter"], False),
        (["right", "escape"], False),
        (["tab", "enter"], True),
    ],
)
async def test_only_the_answer_that_was_chosen_leaves(keys: list[str], leaves: bool) -> None:
    stage = Stage(LeaveScreen(3, "Quitting"))
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        assert stage.answers == [leaves]


async def test_it_is_said_how_much_would_be_given_up_and_how() -> None:
    stage = Stage(LeaveScreen(1_200, "Quitting"))
    async with stage.run_test(size=(90, 24)):
        assert stage.plain("#question").splitlines() == [
            " 1,200 deletions not finished",
            " Quitting cancels what has not been sent; what is under way may still happen.",
        ]
        question = stage.shown.query_one("#question")
        buttons = list(stage.shown.query(Button))
        assert [(str(button.label), button.id, button.compact) for button in buttons] == [
            ("Stay", "stay", True),
            ("Leave", "leave", True),
        ]
        assert stage.focused is buttons[0]
        assert {button.region.y for button in buttons} == {question.region.bottom + 1}


async def test_one_is_spoken_of_as_one() -> None:
    stage = Stage(LeaveScreen(1, "Another token"))
    async with stage.run_test(size=(90, 24)):
        assert stage.plain("#question").startswith(" 1 deletion not finished\n Another token cancels ")


@pytest.mark.parametrize(("width", "wide"), [(80, 80), (100, 90), (200, 90)])
async def test_it_is_no_wider_than_its_words_need(width: int, wide: int) -> None:
    stage = Stage(LeaveScreen(1, "Quitting"))
    async with stage.run_test(size=(width, 24)):
        assert stage.shown.query_one(Vertical).region.width == wide
        lines = stage.shown.query_one("#question", WrappedLines).lines
        assert [{piece.role for piece in line if piece.text.strip()} for line in lines] == [{"warn"}, {"plain"}]
