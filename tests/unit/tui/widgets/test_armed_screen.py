"""An armed screen takes keys only after it was drawn and seen, and not while it cannot be."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Size
from textual.pilot import Pilot
from textual.widgets import Input

from snaptui.text.lines import Line, line
from snaptui.tui.deletions.countdown_bar import DeletionBar
from snaptui.tui.deletions.covering_screen import COVERING
from snaptui.tui.deletions.messages import BatchRefused
from snaptui.tui.keys.command import Command, Commands, Declared, Group
from snaptui.tui.widgets.armed_screen import ARMING_SECONDS, LEAST_WIDTH, ArmedScreen
from snaptui.tui.widgets.lines import Lines
from snaptui.tui.widgets.scroll_lines import ScrollLines
from tests.support.stage import Stage, armed, until

NEEDED = 6


class Asks(ArmedScreen[str]):
    """Asks for a key or a word."""

    AUTO_FOCUS: ClassVar[str] = ""

    def __init__(self) -> None:
        super().__init__()
        self.shown_for: list[Size] = []
        self.keys: list[str] = []

    def compose(self) -> ComposeResult:
        yield Lines(id="heading")
        yield ScrollLines(classes="seen")
        yield Lines(id="said", classes="seen")
        yield Input(id="count", compact=True, classes="seen")
        yield DeletionBar(classes="seen")

    def rows_needed(self, width: int) -> int:
        return NEEDED if width >= LEAST_WIDTH else 99

    def show(self, size: Size) -> None:
        self.shown_for.append(size)
        self.query_one("#heading", Lines).show([line("it is shown")])

    def say(self, said: Line) -> None:
        self.query_one("#said", Lines).show([said])

    @property
    def commands(self) -> Iterator[Declared]:
        return iter(self.DECLARED)

    def action_command(self, key: str) -> None:
        self.DECLARED.run(key, self, None)

    DECLARED: ClassVar[Commands["Asks", None]] = Commands(
        *COVERING,
        Command("x", lambda it: it.keys.append("x"), "do it", Group.DELETE),
        Command("escape", lambda it: it.dismiss("escape"), "leave", Group.PROGRAM),
    )
    BINDINGS: ClassVar[list[BindingType]] = DECLARED.bindings


def asking() -> tuple[Stage[str], Asks]:
    screen = Asks()
    return Stage(screen), screen


async def out_of_sight(pilot: Pilot[int], screen: Asks) -> None:
    await pilot.resize_terminal(80, 3)
    await until(pilot, lambda: screen.too_small)


async def test_keys_count_only_after_it_was_drawn_and_a_while_has_passed() -> None:
    stage, screen = asking()
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: bool(stage.waiting))
        await pilot.press("x")
        assert (screen.armed, screen.keys) == (False, []), "it is not drawn yet"
        stage.draw()
        await pilot.press("x", "x")
        assert (screen.armed, screen.keys) == (False, []), "it was drawn this moment"
        await until(pilot, lambda: screen.armed)
        assert stage.plain("#said") == " ✗ 3 keys came before this was drawn and did nothing"
        await pilot.press("x")
        assert screen.keys == ["x"]


async def test_nothing_is_said_when_no_key_was_dropped_and_each_is_told_of_once() -> None:
    stage, screen = asking()
    async with stage.run_test(size=(80, 24)) as pilot:
        await armed(pilot, stage)
        assert stage.plain("#said") == ""
        await out_of_sight(pilot, screen)
        await pilot.press("x")
        await pilot.resize_terminal(80, 24)
        await armed(pilot, stage)
        assert stage.plain("#said") == " ✗ 1 key came before this was drawn and did nothing"
        screen.say(line("something else"))
        await out_of_sight(pilot, screen)
        await pilot.resize_terminal(80, 24)
        await armed(pilot, stage)
        assert stage.plain("#said") == "something else"
        assert screen.keys == []


async def test_escape_leaves_before_it_is_armed_and_is_not_counted() -> None:
    stage, _ = asking()
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: bool(stage.waiting))
        await pilot.press("escape")
        assert stage.answers == ["escape"]


async def test_it_says_what_it_needs_where_it_cannot_be_seen() -> None:
    for size, said in (
        ((80, 5), "too small to review: needs 80x6; Esc goes back"),
        ((39, 24), "too small to review: needs 40x6; Esc\ngoes back"),
        ((20, 2), "too small to review:\nneeds 40x6; Esc goes\nback"),
    ):
        stage, screen = asking()
        async with stage.run_test(size=size) as pilot:
            await pilot.pause()
            assert (screen.too_small, screen.armed, stage.waiting, screen.shown_for) == (True, False, [], [])
            shown = [part.strip() for part in stage.plain("#heading").splitlines()]
            assert shown == [part.strip() for part in said.splitlines()]
            lines = screen.query_one("#heading", Lines).lines
            assert {piece.role for each in lines for piece in each} == {"warn"}
            assert screen.has_class("-too-small")
            await pilot.press("x")
            assert screen.keys == []
            await pilot.press("escape")
            assert stage.answers == ["escape"]


async def test_it_is_large_enough_at_exactly_what_it_needs() -> None:
    stage, screen = asking()
    async with stage.run_test(size=(LEAST_WIDTH, NEEDED)) as pilot:
        await armed(pilot, stage)
        assert (screen.too_small, screen.has_class("-too-small")) == (False, False)
        assert screen.shown_for[-1] == Size(LEAST_WIDTH, NEEDED)
        await pilot.press("x")
        assert screen.keys == ["x"]


async def test_going_out_of_sight_disarms_it_and_forgets_what_was_typed() -> None:
    stage, screen = asking()
    async with stage.run_test(size=(80, 24)) as pilot:
        await armed(pilot, stage)
        field = screen.query_one("#count", Input)
        field.value = "12"
        await pilot.resize_terminal(80, 23)
        await until(pilot, lambda: screen.shown_for[-1] == Size(80, 23))
        assert (screen.armed, field.value) == (True, "12"), "it never went out of sight"
        await pilot.resize_terminal(80, 4)
        await until(pilot, lambda: screen.too_small)
        assert (screen.armed, field.value) == (False, "")
        field.value = "34"
        await pilot.resize_terminal(80, 3)
        await pilot.pause()
        assert field.value == "34", "it was out of sight before"
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: not screen.too_small)
        assert (screen.armed, field.value) == (False, "")
        await armed(pilot, stage)


async def test_what_was_to_arm_it_does_so_no_more_once_it_went_out_of_sight() -> None:
    stage, screen = asking()
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: bool(stage.waiting))
        stage.draw()
        await out_of_sight(pilot, screen)
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: bool(stage.waiting) and not screen.too_small)
        done: list[bool] = []
        screen.set_timer(2 * ARMING_SECONDS, lambda: done.append(True))
        await until(pilot, lambda: bool(done))
        assert not screen.armed, "the terminal has not drawn it since"
        await armed(pilot, stage)


async def test_the_bar_takes_its_line_from_what_there_is_room_for() -> None:
    stage, screen = asking()
    async with stage.run_test(size=(80, NEEDED)) as pilot:
        await armed(pilot, stage)
        screen.post_message(BatchRefused("no"))
        await until(pilot, lambda: screen.too_small)
        assert not screen.armed


async def test_what_was_typed_at_once_is_said_where_it_can_be_read() -> None:
    stage, screen = asking()
    async with stage.run_test(size=(80, 24)):
        screen.say_dropped("a paste of 3 characters did nothing")
        assert stage.plain("#said") == " ✗ a paste of 3 characters did nothing"
