from hypothesis import given
from hypothesis import strategies as st

from snaptui.text.lines import (
    COLUMN_GAP,
    Line,
    Piece,
    fit,
    in_columns,
    line,
    longest_that_fits,
    whole_parts,
    width_of,
)


def texts(rows: list[Line]) -> list[str]:
    return ["".join(piece.text for piece in row).rstrip() for row in rows]


def test_blocks_stand_side_by_side_where_there_is_room() -> None:
    blocks = [[line("aa"), line("a")], [line("b")], [line("c")]]
    assert texts(in_columns(blocks, 6)) == ["aa", "a", "b", "c"]
    assert texts(in_columns(blocks, 7)) == ["aa   b", "a    c"]


def test_columns_are_no_higher_than_whole_blocks_in_their_order_have_to_be() -> None:
    heights = [7, 4, 13, 6, 4, 4, 4, 8, 10]
    blocks = [[line("x")] * height for height in heights]
    assert len(in_columns(blocks, 3 * (1 + COLUMN_GAP) - COLUMN_GAP)) == 24


@given(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=4), min_size=1, max_size=8), st.integers(1, 80))
def test_columns_lose_no_line_and_fit(lengths: list[list[int]], width: int) -> None:
    blocks = [[line(Piece("x" * length)) for length in block] for block in lengths]
    rows = in_columns(blocks, width)
    longest = max(length for block in lengths for length in block)
    assert sum(text.count("x") for text in texts(rows)) == sum(map(sum, lengths))
    assert all(width_of(row) <= max(width, longest + COLUMN_GAP) for row in rows)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=6), st.integers(1, 80))
def test_parts_of_a_line_are_there_whole_or_not_at_all(lengths: list[int], width: int) -> None:
    parts = [line(Piece("x" * length)) for length in lengths]
    joined = whole_parts(parts, width, " ")
    (text,) = texts([joined])
    assert width_of(joined) <= width
    if lengths[0] <= width:
        kept = [len(word) for word in text.split(" ")]
        left = iter(lengths)
        assert all(length in left for length in kept)
        assert kept[0] == lengths[0]


@given(st.lists(st.text("ab ", max_size=6), max_size=6), st.integers(0, 30))
def test_what_does_not_fit_is_never_cut_without_a_sign(pieces: list[str], width: int) -> None:
    (whole,), (fitted,) = texts([line(*pieces)]), texts([fit(line(*pieces), width)])
    assert len(fitted) <= width
    assert (fitted == whole) == (len(whole) <= width)
    assert "…" in fitted or len(whole) <= width or width == 0


def test_the_first_wording_that_fits_is_taken_and_the_last_is_shortened() -> None:
    ways = [line("as many words as can be"), line("few words"), line("words")]
    assert texts([longest_that_fits(ways, width) for width in (23, 22, 8, 4)]) == [
        "as many words as can be",
        "few words",
        "words",
        "wo…s",
    ]
