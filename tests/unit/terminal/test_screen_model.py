"""Whatever Textual writes, the cells that the terminal shows are those it would have shown without the driver."""

import re
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, set_cell_size

from snaptui.terminal.screen_model import SYNCHRONISED_FROM, CellScreen
from snaptui.terminal.widths import clusters

from .conftest import EMOJI_STYLE, ZERO_WIDTH_JOINER, Terminal, TerminalErasingInDefaultColour

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
NOISE = (
    "Broadcast message: the system goes down",
    "\x1b[3;2Hkernel: oops\r\n",
    "\x1b[2J",
    "\x1b[1;31mstill red",
    "漢",
    "\n\n\n",
    "\x1b[2L",
    "\x1b[2M",
    "\x1b[2P",
)
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
COLOURS = st.sampled_from(
    [
        "31",
        "97",
        "38;5;9",
        "38;2;1;2;3",
        "44",
        "104",
        "48;5;200",
        "48;2;9;8;7",
        "38;2;95;215;0",
        "48;2;18;18;18",
        "38;2;0;0;0",
        "39",
        "49",
    ]
)
ATTRIBUTES = st.sampled_from(["1", "2", "3", "4", "5", "7", "9", "53"])
STYLES = st.lists(st.one_of(COLOURS, ATTRIBUTES), max_size=4).map(";".join)


@dataclass(frozen=True)
class Region:
    """Lines of (style, text) at a place, as Textual's compositor has them."""

    x: int
    y: int
    lines: list[list[tuple[str, str]]]

    def render(self, width: int, height: int) -> str:
        """Return the bytes that Textual writes to draw it on a screen of this size."""
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
        """Return the bytes that Textual writes at the end of a frame."""
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
Size = tuple[int, int]
Written = Region | Cursor | Erasure | Sequence
Frames = list[tuple[list[Written], bool]]
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
def test_the_terminal_shows_what_it_would_have_shown_cell_for_cell(size: Size, frames: Frames) -> None:
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


@given(size=SIZES, frames=FRAMES)
def test_a_terminal_that_erases_in_the_default_colour_shows_the_same(size: Size, frames: Frames) -> None:
    screen = CellScreen(*size, erases_in_colour=False)
    stock, driven = Terminal(*size), TerminalErasingInDefaultColour(*size)
    for frame, is_drawn in frames:
        written = "".join(part.render(*size) for part in frame if not isinstance(part, Sequence))
        stock.show(written)
        driven.show(screen.receive(written) + (screen.frame() if is_drawn else ""))
    driven.show(screen.frame())
    assert (driven.cells, driven.place) == (stock.cells, stock.place)


@given(size=SIZES, other=SIZES, frames=FRAMES, after=FRAME)
def test_after_a_resize_and_a_repaint_the_screens_are_equal(
    size: Size, other: Size, frames: Frames, after: list[Written]
) -> None:
    screen, stock, driven = CellScreen(*size), Terminal(*size), Terminal(*size)
    for frame, _ in frames:
        written = "".join(part.render(*size) for part in frame)
        stock.show(written)
        driven.show(screen.receive(written) + screen.frame())
    screen.resize(*other)
    repainted = _repaint(*other) + "".join(part.render(*other) for part in after)
    for terminal in (stock, driven):
        terminal.resize(other[1], other[0])
    stock.show(repainted)
    driven.show(screen.receive(repainted) + screen.frame())
    assert (driven.cells, driven.place) == (stock.cells, stock.place)


def _repaint(width: int, height: int) -> str:
    return "\n".join(f"\x1b[{row + 1};1H\x1b[48;2;1;1;1m{' ' * width}\x1b[0m" for row in range(height))


@given(size=SIZES, frames=FRAMES, noise=st.lists(st.sampled_from(NOISE)))
def test_noise_on_the_terminal_is_gone_once_everything_is_drawn_anew(
    size: Size, frames: Frames, noise: list[str]
) -> None:
    screen, undisturbed, driven = CellScreen(*size), Terminal(*size), Terminal(*size)
    for frame, _ in frames:
        written = "".join(part.render(*size) for part in frame)
        undisturbed.show(written)
        driven.show(screen.receive(written) + screen.frame())
    driven.show("".join(noise))
    screen.forget()
    driven.show(screen.frame())
    assert (driven.cells, driven.place) == (undisturbed.cells, undisturbed.place)


@given(size=SIZES, frames=FRAMES, noise=st.sampled_from(NOISE))
def test_after_an_unknown_sequence_everything_is_drawn_anew(size: Size, frames: Frames, noise: str) -> None:
    screen, undisturbed, driven = CellScreen(*size), Terminal(*size), Terminal(*size)
    for frame, _ in frames:
        written = "".join(part.render(*size) for part in frame)
        undisturbed.show(written)
        driven.show(screen.receive(written) + screen.frame())
    driven.show(screen.receive("\x1b[=1S"))
    driven.show(noise)
    driven.show(screen.frame())
    assert (driven.cells, driven.place) == (undisturbed.cells, undisturbed.place)


@given(
    size=SIZES,
    frames=FRAMES,
    opinions=st.dictionaries(st.sampled_from("".join(CLUSTERS)), st.integers(0, 2)),
    default=st.sampled_from([0, 1, 2]),
)
def test_terminals_of_other_opinions_about_widths_show_what_all_agree_on_in_its_place(
    size: Size, frames: Frames, opinions: dict[str, int], default: int
) -> None:
    def widths(character: str) -> int:
        ((_, width, sure),) = clusters(character)
        return width if sure else opinions.get(character, default)

    width, _ = size
    screen, intended = CellScreen(*size), Terminal(*size)
    driven = Terminal(*size, widths=lambda c: min(widths(c), width), joins=False)
    for frame, is_drawn in frames:
        written = "".join(part.render(*size) for part in frame)
        intended.show(written)
        driven.show(screen.receive(written) + (screen.frame() if is_drawn else ""))
    driven.show(screen.frame())
    for wanted, shown in zip(intended.cells, driven.cells, strict=True):
        for x, cell in enumerate(wanted):
            is_sure = cell.data and clusters(cell.data)[0][2]
            following = next((other.data for other in wanted[x + 1 :] if other.data), None)
            if is_sure and (following is None or clusters(following)[0][2]):
                assert shown[x] == cell
    drawn_at_once = Terminal(*size, widths=lambda c: min(widths(c), width), joins=False)
    screen.forget()
    drawn_at_once.show(screen.frame())
    assert driven.cells == drawn_at_once.cells


@pytest.mark.parametrize(("before", "after"), [(" ", "a"), ("世", "界")])
def test_what_a_terminal_takes_for_a_mark_stays_when_only_the_letter_before_it_changes(before: str, after: str) -> None:
    def widths(character: str) -> int:
        ((_, width, sure),) = clusters(character)
        return width if sure else 0

    screen, driven = CellScreen(9, 1), Terminal(9, 1, widths=widths, joins=False)
    driven.show(screen.receive(f"\x1b[1;1Hx{before}\U000e1ae2") + screen.frame())
    driven.show(screen.receive(f"\x1b[1;2H{after}") + screen.frame())
    assert "".join(cell.data for cell in driven.cells[0]).rstrip() == f"x{after}\U000e1ae2"


def test_a_frame_of_more_than_a_packet_is_shown_at_once() -> None:
    screen = CellScreen(80, 24)
    screen.receive("\x1b[?2026h" + "".join(f"\x1b[{row};1H{'some text, ' * 7}" for row in range(1, 25)) + "\x1b[?2026l")
    frame = screen.frame()
    assert len(frame) >= SYNCHRONISED_FROM
    assert frame.startswith("\x1b[?2026h")
    assert frame.endswith("\x1b[?2026l")


def test_a_terminal_that_cannot_show_frames_at_once_is_not_asked_to() -> None:
    screen = CellScreen(80, 24)
    screen.receive("".join(f"\x1b[{row};1H{'some text, ' * 7}" for row in range(1, 25)))
    assert "2026" not in screen.frame()


def test_leaving_the_screen_leaves_no_colour_behind() -> None:
    screen, terminal = CellScreen(10, 2), Terminal(10, 2)
    terminal.show(screen.receive("\x1b[31mred\x1b[0m") + screen.frame())
    terminal.show(screen.receive("\x1b[?1049l") + "shell")
    assert terminal.cells[0][3].fg == "default"


def test_a_sequence_may_come_in_pieces() -> None:
    screen, terminal = CellScreen(10, 2), Terminal(10, 2)
    for character in "\x1b[31mred\x1b[0m\x1b[2;3Hblue":
        terminal.show(screen.receive(character))
    terminal.show(screen.frame())
    assert terminal.display == ["red       ", "  blue    "]
    assert terminal.cells[0][0].fg == "red"


def test_a_sequence_that_never_ends_is_passed_on_with_the_frame() -> None:
    screen = CellScreen(10, 2)
    assert screen.receive("ab\x1b[12") == ""
    assert screen.frame().startswith("\x1b[12")


def test_links_reach_the_terminal_and_end() -> None:
    screen = CellScreen(10, 1)
    screen.receive("\x1b]8;id=1;http://x\x1b\\\x1b[31mhere\x1b[0m\x1b]8;;\x1b\\ no")
    frame = screen.frame()
    assert frame.index("\x1b]8;id=1;http://x\x1b\\") < frame.index("here")
    assert frame.index("\x1b]8;;\x1b\\") < frame.index("no")


def test_half_a_character_is_no_text() -> None:
    screen, terminal = CellScreen(4, 1), Terminal(4, 1)
    terminal.show(screen.receive("a\udc80b") + screen.frame())
    assert terminal.display == ["a\N{REPLACEMENT CHARACTER}b "]
