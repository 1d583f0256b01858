"""The review screen by itself: nothing but each question's own answer goes on, and cancelling always works."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widgets import Button, Input

from snaptui.deletion.plan import Plan
from snaptui.terminal.typed import TextTyped
from snaptui.text.lines import Piece, line
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.review.screen import ReviewDeletionScreen
from snaptui.tui.review.words import Review, rows_needed
from tests.support.deleting import OURS, plan_of, snapshot
from tests.support.stage import Stage, armed, until

KEYS = " w writes the plan to a file · j k [ ] scroll · Esc cancels"


def review_of(number: int = 3, *, max_batch: int = 1_000, proven: bool = True) -> Review:
    plan = plan_of([snapshot(str(n)) for n in range(number)], account=OURS if proven else None)
    return replace(Review.of(plan, BrowseState(now=9.0)), max_batch=max_batch)


def stage_of(review: Review) -> Stage[Plan]:
    return Stage(ReviewDeletionScreen(lambda: review))


async def made(pilot: Pilot[int], stage: Stage[Plan]) -> None:
    """Wait until the review has been made and shown."""
    screen = stage.shown
    assert isinstance(screen, ReviewDeletionScreen)
    await until(pilot, lambda: screen.ready)
    await pilot.pause()


@asynccontextmanager
async def at_its_end(event: Event) -> AsyncIterator[None]:
    """Let what waits for an event go on at the end, however that comes."""
    try:
        yield
    finally:
        event.set()


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_keys_that_come_while_the_review_is_being_made_do_nothing(
    size: tuple[int, int], isolated_home: Path
) -> None:
    go_on, review = Event(), review_of(3)

    def prepare() -> Review:
        go_on.wait(30)
        return review

    stage = Stage(ReviewDeletionScreen(prepare))
    async with stage.run_test(size=size) as pilot, at_its_end(go_on):
        await pilot.pause()
        assert stage.plain("#heading") == " counting what would be deleted …"
        assert stage.shown.query_one("#heading").size.height == 1
        stage.draw()
        await pilot.press("3", "enter", "w", "d", "space")
        screen = stage.shown
        assert isinstance(screen, ReviewDeletionScreen)
        assert (stage.waiting, screen.armed, stage.answers) == ([], False, [])
        go_on.set()
        await armed(pilot, stage)
        assert stage.plain("#said") == " ✗ 5 keys came before this was drawn and did nothing"
        assert (stage.typed("#count"), stage.answers, written(isolated_home)) == ("", [], {})
        await pilot.press("3", "enter")
        assert stage.answers == [review.plan]


async def test_escape_leaves_while_the_review_is_being_made() -> None:
    go_on = Event()
    stage = Stage(ReviewDeletionScreen(lambda: review_of(int(go_on.wait(30)))))
    async with stage.run_test(size=(80, 24)) as pilot, at_its_end(go_on):
        await pilot.pause()
        await pilot.press("escape")
        assert stage.answers == [None]


async def test_the_number_and_enter_confirm() -> None:
    stage = stage_of(review_of(12))
    async with stage.run_test(size=(80, 24)) as pilot:
        await armed(pilot, stage)
        assert stage.focused is stage.shown.query_one("#cancel")
        await pilot.press("1", "2")
        assert stage.typed("#count") == "12"
        assert stage.focused is stage.shown.query_one("#count")
        await pilot.press("enter")
        assert len(stage.answers) == 1
        assert stage.answers[0] is not None


async def test_nothing_but_the_number_confirms() -> None:
    stage = stage_of(review_of(12))
    async with stage.run_test(size=(80, 24)) as pilot:
        await armed(pilot, stage)
        for typed, said in (
            ("", " ✗ type 12: nothing was deleted; Esc cancels"),
            ("1", " ✗ 1 is not 12: nothing was deleted; Esc cancels"),
            ("120", " ✗ 120 is not 12: nothing was deleted; Esc cancels"),
            ("012", " ✗ 012 is not 12: nothing was deleted; Esc cancels"),
        ):
            field = stage.shown.query_one("#count", Input)
            field.focus()
            field.value = typed
            await pilot.press("enter")
            assert stage.plain("#said") == said
            assert stage.answers == []
        await pilot.press("x", "y")
        assert stage.typed("#count") == "012", "letters are no part of a number"


async def test_each_question_takes_its_own_answer_and_says_why_it_is_asked() -> None:
    stage = stage_of(review_of(3, max_batch=2, proven=False))
    async with stage.run_test(size=(80, 24)) as pilot:
        await armed(pilot, stage)
        assert stage.plain("#ask") == "  No undo. To delete, type 3 and press Enter: "
        assert stage.shown.query_one("#ask").size.width == len(stage.plain("#ask"))
        await pilot.press("3", "enter")
        assert stage.plain("#said") == " ! more than max_batch (2) at once"
        assert stage.plain("#ask") == "  All 3? Then type delete them all: "
        assert stage.typed("#count") == ""
        await pilot.press("3", "enter")
        assert stage.plain("#said") == " ✗ 3 is not delete them all: nothing was deleted; Esc cancels"
        field = stage.shown.query_one("#count", Input)
        field.value = ""
        await pilot.press(*("space" if letter == " " else letter for letter in "delete them all"), "enter")
        assert stage.plain("#said").startswith(" ! the account is not proven: ")
        assert stage.plain("#ask") == "  In whatever account? Then type unproven account: "
        assert (stage.typed("#count"), stage.answers) == ("", [])
        field.value = "unproven account"
        await pilot.press("enter")
        assert len(stage.answers) == 1
        assert stage.answers[0] is not None


async def test_escape_and_the_button_cancel() -> None:
    for keys in (["escape"], ["enter"], ["3", "escape"]):
        stage = stage_of(review_of())
        async with stage.run_test(size=(80, 24)) as pilot:
            await armed(pilot, stage)
            await pilot.press(*keys)
            await pilot.pause()
            assert stage.answers == [None]


async def test_a_digit_goes_to_the_number_wherever_the_focus_is_and_only_once() -> None:
    stage = stage_of(review_of())
    async with stage.run_test(size=(80, 24)) as pilot:
        await armed(pilot, stage)
        await pilot.press("7", "8")
        assert stage.typed("#count") == "78"
        cancel = stage.shown.query_one("#cancel")
        stage.shown.set_focus(cancel)
        await pilot.press("x")
        assert (stage.typed("#count"), stage.focused) == ("78", cancel)
        await pilot.press("9")
        assert stage.typed("#count") == "789"


async def test_digits_that_come_at_once_are_taken_and_other_text_is_not() -> None:
    stage = stage_of(review_of())
    async with stage.run_test(size=(80, 24)) as pilot:
        await armed(pilot, stage)
        screen = stage.shown
        assert isinstance(screen, ReviewDeletionScreen)
        assert not screen.takes_burst("12x4")
        assert (stage.typed("#count"), stage.focused) == ("", screen.query_one("#cancel"))
        assert screen.takes_burst("1234")
        await pilot.pause()
        assert (stage.typed("#count"), stage.focused) == ("1234", screen.query_one("#count"))


async def test_a_paste_says_on_this_screen_that_it_did_nothing() -> None:
    stage = stage_of(review_of())
    async with stage.run_test(size=(80, 24)) as pilot:
        await armed(pilot, stage)
        stage.post_message(TextTyped(1.0, "rm -rf"))
        await until(pilot, lambda: "came at once" in stage.plain("#said"))
        assert stage.plain("#said").startswith(" ✗ 6 keys ")


async def test_the_question_is_shortened_and_then_stands_alone_where_there_is_no_room() -> None:
    asked = []
    for width in (80, 64, 63, 51, 50, 40):
        stage = stage_of(review_of(3, max_batch=2))
        async with stage.run_test(size=(width, 24)) as pilot:
            await armed(pilot, stage)
            await pilot.press("3", "enter")
            button = stage.shown.query_one("#cancel", Button)
            assert stage.shown.query_one("#count").size.width > len("delete them all")
            asked.append((width, stage.plain("#ask"), bool(button.display)))
    long, short = "  All 3? Then type delete them all: ", " Type delete them all: "
    assert asked == [
        (80, long, True),
        (64, long, True),
        (63, short, True),
        (51, short, True),
        (50, short, False),
        (40, short, False),
    ]


async def test_totals_victims_and_the_question_stand_one_below_the_other() -> None:
    stage = stage_of(review_of(30))
    async with stage.run_test(size=(80, 24)) as pilot:
        await armed(pilot, stage)
        places = [stage.shown.query_one(name).region for name in ("#heading", "ScrollLines", "#said", "#confirmation")]
        assert [place.y for place in places] == [0, places[0].height, 22, 23]
        assert places[0].height == len(stage.plain("#heading").splitlines())
        assert stage.plain("#said") == KEYS
        button, field = stage.shown.query_one("#cancel", Button), stage.shown.query_one("#count", Input)
        assert (str(button.label), button.compact, field.compact, field.cursor_blink) == ("Cancel", True, True, False)
        assert button.region.x < stage.shown.query_one("#ask").region.x < field.region.x
        assert not field.select_on_focus
        assert len(stage.plain("ScrollLines").splitlines()) == 22 - places[0].height
        await pilot.press("G")
        assert "web-29" in stage.plain("ScrollLines")
        assert "web-0" not in stage.plain("ScrollLines")
        await pilot.press("k")
        await pilot.press("g")
        assert "web-0" in stage.plain("ScrollLines")


@pytest.mark.parametrize(("spare", "armable"), [(-1, False), (0, True)])
async def test_a_line_too_few_arms_nothing_and_one_more_is_enough(spare: int, armable: bool) -> None:
    review = review_of()
    # Below what the words need: what was said last, and the question.
    stage = stage_of(review)
    async with stage.run_test(size=(80, rows_needed(review, 80) + 2 + spare)) as pilot:
        await made(pilot, stage)
        await until(pilot, lambda: bool(stage.waiting) is armable)
        assert stage.shown.has_class("-too-small") is not armable


async def test_in_the_smallest_terminal_that_arms_the_sums_give_way_to_three_names() -> None:
    review = replace(review_of(), warnings={})
    stage = stage_of(review)
    async with stage.run_test(size=(80, rows_needed(review, 80) + 2)) as pilot:
        await armed(pilot, stage)
        assert "saves" not in stage.plain("#heading")
        assert len(stage.plain("ScrollLines").splitlines()) == 3
        assert "web-2" in stage.plain("ScrollLines")


async def test_what_hides_in_a_small_terminal_is_all_but_the_heading() -> None:
    stage = stage_of(review_of())
    async with stage.run_test(size=(80, 4)) as pilot:
        await made(pilot, stage)
        for name in ("ScrollLines", "#said", "#confirmation", "DeletionBar"):
            assert stage.shown.query_one(name).has_class("seen")
            assert not stage.shown.query_one(name).display


async def test_in_another_width_the_victims_are_written_anew() -> None:
    review = review_of(4)
    narrow, resized = stage_of(review), stage_of(review)
    async with narrow.run_test(size=(60, 24)) as pilot:
        await made(pilot, narrow)
        expected = narrow.plain("ScrollLines")
    async with resized.run_test(size=(120, 24)) as pilot:
        await made(pilot, resized)
        assert resized.plain("ScrollLines") != expected
        await pilot.resize_terminal(60, 24)
        await until(pilot, lambda: resized.plain("ScrollLines") == expected)


async def test_something_that_is_said_replaces_what_was_said_before() -> None:
    stage = stage_of(review_of())
    async with stage.run_test(size=(80, 24)) as pilot:
        await made(pilot, stage)
        screen = stage.shown
        assert isinstance(screen, ReviewDeletionScreen)
        screen.say(line(Piece("one", "warn")))
        assert stage.plain("#said") == "one"
        screen.say_dropped("two")
        assert stage.plain("#said") == " ✗ two"


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.json")}


async def test_the_plan_is_written_where_it_is_said_to_be(isolated_home: Path) -> None:
    review = review_of()
    review = replace(review, plan=replace(review.plan, id="0123456789abcdef"))
    stage = stage_of(review)
    async with stage.run_test(size=(200, 24)) as pilot:
        await armed(pilot, stage)
        await pilot.press("w")
        await until(pilot, lambda: "was written" in stage.plain("#said"))
        name = "snaptui-plan-01234567.json"
        assert written(isolated_home) == {name: review.file}
        assert stage.plain("#said") == f" ✓ the plan was written to {isolated_home / name}"
        assert stage.answers == []
