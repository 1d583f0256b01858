"""Lines are made once, and anew when what surrounds them looks different."""

import pytest
from rich.style import Style
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.strip import Strip

from snaptui.text.lines import Line, Piece
from snaptui.tui.theme import THEMES
from snaptui.tui.widgets.lines import MOST_STRIPS, Lines

FIRST: Line = (Piece("one ", "accent"), Piece("two"))
SECOND: Line = (Piece("three"),)


class LinesApp(App[None]):
    """Shows two lines."""

    CSS = "Lines { width: 1fr; height: 1fr; background: #121212; }"

    def __init__(self) -> None:
        super().__init__()
        self.register_theme(THEMES["dark"])
        self.theme = "dark"
        self.lines = Lines()

    def compose(self) -> ComposeResult:
        """Show nothing else."""
        yield self.lines

    def on_mount(self) -> None:
        """Fill them."""
        self.lines.show([FIRST, SECOND])

    def strips(self) -> list[Strip]:
        """Return the lines that are drawn."""
        return self.lines.render_lines(Region(0, 0, *self.lines.size))


def _styles(strip: Strip) -> list[Style]:
    return [segment.style for segment in strip if segment.style is not None]


async def test_a_line_that_stays_the_same_is_not_made_again() -> None:
    app = LinesApp()
    async with app.run_test(size=(20, 3)):
        before = app.strips()
        app.lines.show([FIRST, FIRST])
        after = app.strips()
        assert [strip.text for strip in after] == ["one two".ljust(20), "one two".ljust(20), " " * 20]
        assert after[0] is before[0]
        assert after[2] is before[2]


async def test_a_line_that_is_too_long_is_shortened_with_a_sign_of_it() -> None:
    app = LinesApp()
    async with app.run_test(size=(10, 3)):
        app.lines.show([(Piece(" written to /tmp/plan.json"),), (Piece("just wide", "key"), Piece("   "))])
        assert [strip.text for strip in app.strips()[:2]] == [" writ…json", "just wide "]


async def test_lines_are_as_wide_as_the_widget_is_now() -> None:
    app = LinesApp()
    async with app.run_test(size=(20, 3)) as pilot:
        await pilot.resize_terminal(30, 3)
        await pilot.pause()
        assert [strip.cell_length for strip in app.strips()] == [30, 30, 30]


async def test_lines_are_drawn_on_the_background_that_there_is_now() -> None:
    app = LinesApp()
    async with app.run_test(size=(20, 3)):
        app.strips()
        app.lines.styles.background = "#262626"
        colours = {style.bgcolor and style.bgcolor.name for strip in app.strips() for style in _styles(strip)}
        assert colours == {"#262626"}


async def test_lines_are_without_colour_where_the_user_wants_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = LinesApp()
    async with app.run_test(size=(20, 3)):
        colours = [style.color.get_truecolor() for strip in app.strips() for style in _styles(strip) if style.color]
        assert colours
        assert all(red == green == blue for red, green, blue in colours)


async def test_a_part_of_the_lines_can_be_drawn() -> None:
    app = LinesApp()
    async with app.run_test(size=(20, 3)):
        assert [strip.text for strip in app.lines.render_lines(Region(2, 1, 4, 1))] == ["ree "]


async def test_no_more_lines_are_kept_than_a_few_screens() -> None:
    app = LinesApp()
    async with app.run_test(size=(20, 3)):
        for number in range(3 * MOST_STRIPS):
            app.lines.strip_of((Piece(str(number)),))
        assert len(app.lines._strips) <= MOST_STRIPS
