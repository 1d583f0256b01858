"""The token that is asked for: nothing goes on without one, and it is never in sight."""

import pytest
from textual.containers import Vertical
from textual.widgets import Input

from snaptui.model.token import Token
from snaptui.tui.dialogs.token import AskTokenScreen
from snaptui.tui.widgets.wrapped_lines import WrappedLines
from tests.support.stage import Stage

SECRET = "dop_v1_" + "0123456789abcdef" * 4


async def test_the_token_that_was_typed_is_the_answer_and_was_not_drawn() -> None:
    stage = Stage(AskTokenScreen("api.example"))
    async with stage.run_test(size=(100, 24)) as pilot:
        field = stage.shown.query_one("#token", Input)
        assert (field.password, field.has_focus, field.compact, field.cursor_blink) == (True, True, True, False)
        field.value = SECRET
        await pilot.pause()
        strips = stage.screen._compositor.render_strips(stage.screen.size)
        assert SECRET[:12] not in "".join(segment.text for strip in strips for segment in strip)
        await pilot.press("enter")
        await pilot.pause()
        assert stage.answers == [Token(SECRET)]


async def test_escape_gives_none() -> None:
    stage = Stage(AskTokenScreen("api.example"))
    async with stage.run_test(size=(100, 24)) as pilot:
        stage.shown.query_one("#token", Input).value = SECRET
        await pilot.press("escape")
        await pilot.pause()
        assert stage.answers == [None]


@pytest.mark.parametrize(("typed", "said"), [("", "✗ the token is empty"), ("a b", "✗ "), ("tok€n", "✗ ")])
async def test_what_is_no_token_is_said_and_asked_again(typed: str, said: str) -> None:
    stage = Stage(AskTokenScreen("api.example"))
    async with stage.run_test(size=(100, 24)) as pilot:
        stage.shown.query_one("#token", Input).value = typed
        await pilot.press("enter")
        await pilot.pause()
        assert stage.answers == []
        assert stage.plain("#problem").strip().startswith(said)


async def test_what_it_is_for_and_what_becomes_of_it_is_said_above_the_field() -> None:
    stage = Stage(AskTokenScreen("api.\x1b[2Jexample"))
    async with stage.run_test(size=(100, 24)):
        assert [text.strip() for text in stage.plain("#why").splitlines()] == [
            "A DigitalOcean API token for api.␛[2Jexample",
            "Browsing needs snapshot:read; deleting needs snapshot:delete and image:delete.",
            "It is used until you quit and never saved.",
            "",
            "Paste or type it; Enter goes on, Esc cancels:",
        ]
        why, field = stage.shown.query_one("#why"), stage.shown.query_one("#token")
        problem = stage.shown.query_one("#problem")
        assert why.region.y < field.region.y < problem.region.y


async def test_only_what_matters_most_stands_out() -> None:
    stage = Stage(AskTokenScreen("api.example"))
    async with stage.run_test(size=(100, 24)):
        lines = stage.shown.query_one("#why", WrappedLines).lines
        assert [{piece.role for piece in line if piece.text.strip()} for line in lines] == [
            {"strong"},
            {"dim"},
            {"dim"},
            set(),
            {"plain"},
        ]


@pytest.mark.parametrize(("width", "wide"), [(80, 80), (100, 90), (200, 90)])
async def test_it_is_no_wider_than_its_words_need(width: int, wide: int) -> None:
    stage = Stage(AskTokenScreen("api.example"))
    async with stage.run_test(size=(width, 24)):
        assert stage.shown.query_one(Vertical).region.width == wide
