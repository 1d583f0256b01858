"""Whatever Textual writes, the cells that the terminal shows are those it would have shown without the driver."""

import re
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len, set_cell_size

from snaptui.tui.driver.screen import SYNCHRONISED_FROM, CellScreen

from .conftest import EMOJI_STYLE, ZERO_WIDTH_JOINER, Terminal, TerminalErasingInDefaultColour, Widths

CLUSTERS = (
    "漢",
    "가",
    "ｆ",
    "é",
    "e\N{COMBINING ACUTE ACCENT}",
    "漢\N{COMBINING ACUTE ACCENT}",
    "\N{HEAVY BLACK HEART}",
    f"\N{HEAVY BLACK HEART}{EMOJI_STYLE}",
    f"👩{ZERO_WIDTH_JOINER}💻",
    f"👨{ZERO_WIDTH_JOINER}👩{ZERO_WIDTH_JOINER}👧",
    "👍\N{EMOJI MODIFIER FITZPATRICK TYPE-6}",
    "🇩🇪",
    "क्षि",
    "\N{DEVANAGARI LETTER KA}\N{DEVANAGARI VOWEL SIGN I}",
    "─",
    "●",
    "\N{NO-BREAK SPACE}",
)
HARMLESS = (
    "\x07",
    "\x1b[?25l",
    "\x1b[?1003h",
    "\x1b]0;title\x07",
    "\x1b]52;c;aGk=\x07",
    "\x1b[2 q",
    "\x1b]22;text\x07",
)
UNHEARD_OF = ("\x1b[5i", "\x1b[?9999h", "\x1b[3;4;5~", "\x1b=", "\x1b[?4;1s")
ANY = st.characters(exclude_categories=["Cc", "Cs"])
TEXTS = st.lists(
    st.one_of(
        st.text("abc xyz   ", min_size=1, max_size=30),
        st.sampled_from(CLUSTERS),
        st.text(ANY, min_size=1, max_size=4),
        st.integers(1, 40).map(" ".__mul__),
    ),
    min_size=1,
    max_size=5,
).map("".join)
COLOURS = st.sampled_from(["31", "97", "38;5;9", "38;2;1;2;3", "44", "104", "48;5;200", "48;2;9;8;7", "39", "49"])
ATTRIBUTES = st.sampled_from(["1", "2", "3", "4", "5", "7", "9", "53"])
STYLES = st.lists(st.one_of(COLOURS, ATTRIBUTES), max_size=4).map(";".join)


@dataclass(frozen=True)
class Region:
    """Lines of (style, text) at a place, as Textual's compositor has them."""

    x: int
    y: int
    lines: list[list[tuple[str, str]]]

    def render(self, width: int, height: int) -> str:
        """What Textual writes to draw it on a screen of this size."""
        x, y = min(self.x, width - 1), min(self.y, height - 1)
        return "\n".join(
            f"\x1b[{row + 1};{x + 1}H{_strip(line, width - x)}" for row, line in enumerate(self.lines[: height - y], y)
        )


def _strip(line: list[tuple[str, str]], room: int) -> str:
    strip = ""
    for style, text in line:
        cut = _cut(text, room)
        room -= cell_len(cut)
        strip += f"\x1b[{style}m{cut}\x1b[0m" if style else cut
    return strip


def _cut(text: str, room: int) -> str:
    """At most so many cells, beginning and ending with whole characters as Textual's strips do."""
    while text and cell_len(text[0]) == 0:
        text = text[1:]
    text = re.sub(f"{ZERO_WIDTH_JOINER}+", ZERO_WIDTH_JOINER, text).rstrip(ZERO_WIDTH_JOINER)
    return set_cell_size(text, min(room, cell_len(text)))


REGIONS = st.builds(
    Region,
    st.integers(0, 40),
    st.integers(0, 8),
    st.lists(st.lists(st.tuples(STYLES, TEXTS), min_size=1, max_size=4), min_size=1, max_size=9),
)


@dataclass(frozen=True)
class Cursor:
    """The cursor is put somewhere."""

    x: int
    y: int

    def render(self, width: int, height: int) -> str:
        """What Textual writes at the end of a frame."""
        return f"\x1b[{min(self.y, height - 1) + 1};{min(self.x, width - 1) + 1}H"


@dataclass(frozen=True)
class Erasure:
    """Something is erased in some colour."""

    style: str
    sequence: str

    def render(self, width: int, height: int) -> str:
        """The sequence in its colour."""
        return f"\x1b[{self.style}m{self.sequence}\x1b[0m"


@dataclass(frozen=True)
class Sequence:
    """A sequence that leaves cells alone, whether the driver knows it or not."""

    text: str

    def render(self, width: int, height: int) -> str:
        """The sequence."""
        return self.text


ERASURES = st.builds(
    Erasure,
    st.sampled_from(["44", "31;48;2;1;2;3", ""]),
    st.sampled_from(["\x1b[K", "\x1b[1K", "\x1b[2K", "\x1b[X", "\x1b[7X", "\x1b[2J", "\x1b[A", "\x1b[3C", "\r", "\b"]),
)
Written = Region | Cursor | Erasure | Sequence
FRAME: st.SearchStrategy[list[Written]] = st.lists(
    st.one_of(
        REGIONS,
        REGIONS,
        st.builds(Cursor, st.integers(0, 40), st.integers(0, 9)),
        ERASURES,
        st.builds(Sequence, st.sampled_from([*HARMLESS, *UNHEARD_OF])),
    ),
    min_size=1,
    max_size=4,
)
FRAMES = st.lists(st.tuples(FRAME, st.booleans()), min_size=1, max_size=6)
SIZES = st.tuples(st.integers(1, 40), st.integers(1, 8))


@given(size=SIZES, frames=FRAMES)
def test_the_terminal_shows_what_it_would_have_shown_cell_for_cell(
    size: tuple[int, int], frames: list[tuple[list[Written], bool]]
) -> None:
    screen, stock, driven = CellScreen(*size), Terminal(*size), Terminal(*size)
    for frame, is_drawn in frames:
        written = "".join(part.render(*size) for part in frame)
        stock.show(written)
        driven.show(screen.receive(written))
        if is_drawn:
            driven.show(screen.frame())
            assert (driven.cells, driven.place) == (stock.cells, stock.place)
    driven.show(screen.frame())
    assert (driven.cells, driven.place) == (stock.cells, stock.place)
    assert screen.frame() == ""
