"""The offer of an interrupted batch by itself: how it stands, and which keys answer it."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.widgets import Input

from snaptui.deletion.batch_file import BatchFile
from snaptui.deletion.items import Item, Outcome
from snaptui.deletion.recovery import Interrupted
from snaptui.text.amounts import moment
from snaptui.tui.deletions.interrupted import ROWS_NEEDED, Choice, InterruptedScreen
from snaptui.tui.widgets.lines import Lines
from tests.support.deleting import plan_of, snapshot
from tests.support.stage import Stage, armed

ROWS = tuple(snapshot(str(n)) for n in range(5))
PLANNED = moment(1.0)


def found(
    *outcomes: Outcome | None, settled: int = 0, unsettled: int = 0, problems: tuple[str, ...] = ()
) -> Interrupted:
    items = tuple(Item(row, outcome) for row, outcome in zip(ROWS, outcomes, strict=False))
    plan = plan_of(item.snapshot for item in items)
    return Interrupted(BatchFile(Path("none"), -1), plan, items, 1, settled, unsettled, problems)


WITH_REST = found(Outcome.DELETED, Outcome.DELETED, None, None)
WITHOUT = found(Outcome.DELETED, Outcome.UNKNOWN, unsettled=1)


@pytest.mark.parametrize(("keys", "answer"), [("r", Choice.RESUME), ("q", Choice.LATER), ("escape", Choice.LATER)])
async def test_a_key_answers_once_the_offer_was_seen(keys: str, answer: Choice) -> None:
    stage = Stage(InterruptedScreen(WITH_REST))
    async with stage.run_test(size=(80, 24)) as pilot:
        assert stage.focused is None
        await armed(pilot, stage)
        await pilot.press(keys)
        assert stage.answers == [answer]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
async def test_every_answer_is_in_sight(width: int) -> None:
    stage = Stage(InterruptedScreen(WITH_REST))
    async with stage.run_test(size=(width, 24)) as pilot:
        await armed(pilot, stage)
        assert stage.shown.query_one("#ask").size.width >= len(stage.plain("#ask"))
        long, short = (
            " r reviews the 2 again   f forgets the rest   Esc decides later",
            " r review  f forget  Esc later",
        )
        assert stage.plain("#ask") == (long if width >= 80 else short)


async def test_forgetting_takes_the_whole_word() -> None:
    stage = Stage(InterruptedScreen(WITH_REST))
    async with stage.run_test(size=(80, 24)) as pilot:
        await armed(pilot, stage)
        field = stage.shown.query_one("#forget", Input)
        assert (field.disabled, field.compact, field.cursor_blink) == (True, True, False)
        await pilot.press("f")
        assert stage.plain("#ask") == " To forget the rest, type forget: "
        assert stage.shown.query_one("#ask").size.width == len(stage.plain("#ask"))
        assert (field.disabled, stage.focused) == (False, field)
        for word in ("", "forge", "forget it", "Forget", "r"):
            field.value = word
            await pilot.press("enter")
            assert stage.answers == []
            assert stage.plain("#said") == " ✗ type forget: nothing was forgotten; Esc decides later"
        field.value = ""
        await pilot.press(*"forget")
        await pilot.resize_terminal(70, 24)
        assert stage.plain("#ask") == " To forget the rest, type forget: ", "the question stays where it was asked"
        await pilot.press("enter")
        assert stage.answers == [Choice.FORGET]


async def test_escape_leaves_the_question_about_forgetting() -> None:
    stage = Stage(InterruptedScreen(WITH_REST))
    async with stage.run_test(size=(80, 24)) as pilot:
        await armed(pilot, stage)
        await pilot.press("f", "f", "o", "escape")
        assert stage.answers == [Choice.LATER]


async def test_without_a_rest_there_is_nothing_to_review_and_that_is_said() -> None:
    stage = Stage(InterruptedScreen(WITHOUT))
    async with stage.run_test(size=(80, 24)) as pilot:
        await armed(pilot, stage)
        assert stage.plain("#ask") == " f forgets the rest   Esc decides later"
        await pilot.press("r")
        assert stage.answers == []
        assert stage.plain("#said") == " ✗ nothing is left that could be deleted"
        await pilot.press("j")
        assert stage.plain("#said") == " ✗ nothing is left that could be deleted"


async def test_how_it_stands_is_told_above_the_answers() -> None:
    stage = Stage(InterruptedScreen(found(Outcome.DELETED, Outcome.DELETED, None, None, settled=2)))
    async with stage.run_test(size=(80, 24)):
        assert stage.plain("#heading") == " A deletion of 4 snapshots from ops@example.com was interrupted"
        assert stage.plain("ScrollLines").splitlines() == [
            f" It was planned {PLANNED}.",
            "",
            "   1 deleted before",
            "   2 of unknown outcome, looked at just now",
            "   2 not deleted",
        ]
        assert stage.plain("#ask") == " r reviews the 2 again   f forgets the rest   Esc decides later"
        ys = [stage.shown.query_one(name).region.y for name in ("#heading", "ScrollLines", "#said", "#confirmation")]
        assert ys == [0, 1, 22, 23]
        assert stage.shown.query_one("#ask").region.width == 80 - stage.shown.query_one("#forget").region.width


async def test_what_is_still_unknown_and_what_could_not_be_read_is_said() -> None:
    told = found(Outcome.UNKNOWN, settled=0, unsettled=1_200, problems=("line 3 is damaged \x1b[2J", "x" * 100))
    nobodys = replace(told, plan=replace(told.plan, account=None))
    stage = Stage(InterruptedScreen(nobodys))
    async with stage.run_test(size=(80, 24)):
        assert stage.plain("#heading") == " A deletion of 1 snapshot was interrupted"
        lines = stage.plain("ScrollLines").splitlines()
        assert lines[3:7] == [
            "   0 of unknown outcome, looked at just now",
            "   1,200 still unknown: it will be asked again",
            "   0 not deleted",
            "",
        ]
        assert lines[7] == " line 3 is damaged ␛[2J"
        assert max(map(len, lines)) <= 80


async def test_a_terminal_that_cannot_show_it_takes_no_answer() -> None:
    for height, too_small in ((ROWS_NEEDED - 1, True), (ROWS_NEEDED, False)):
        screen = InterruptedScreen(WITH_REST)
        stage = Stage(screen)
        async with stage.run_test(size=(80, height)) as pilot:
            await pilot.pause()
            assert screen.too_small is too_small
            for name in ("ScrollLines", "#said", "#confirmation", "DeletionBar"):
                assert stage.shown.query_one(name).has_class("seen")
            await pilot.press("r", "q")
            assert stage.answers == []


@pytest.mark.parametrize(("interrupted", "keys"), [(WITH_REST, [" r", " f", "Esc"]), (WITHOUT, [" f", "Esc"])])
async def test_every_key_stands_out(interrupted: Interrupted, keys: list[str]) -> None:
    stage = Stage(InterruptedScreen(interrupted))
    async with stage.run_test(size=(80, 24)):
        (asked,) = stage.shown.query_one("#ask", Lines).lines
        assert [piece.text for piece in asked if piece.role == "key"] == keys


async def test_what_is_unknown_or_cannot_be_read_stands_out() -> None:
    stage = Stage(InterruptedScreen(found(Outcome.UNKNOWN, unsettled=1, problems=("line 3 is damaged",))))
    async with stage.run_test(size=(80, 24)):
        told = stage.shown.query_one("ScrollLines", Lines).lines
        roles = {piece.text.strip(): piece.role for said in told for piece in said}
        assert {text for text, role in roles.items() if role == "warn"} == {
            "1 still unknown: it will be asked again",
            "line 3 is damaged",
        }
        assert {text for text, role in roles.items() if role == "dim"} == {f"It was planned {PLANNED}."}
        ((title,),) = stage.shown.query_one("#heading", Lines).lines
        assert title.role == "warn"
