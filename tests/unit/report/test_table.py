"""Tables: every line fits, and every cell keeps its column."""

from hypothesis import given
from hypothesis import strategies as st

from snaptui.model.snapshot import Snapshot
from snaptui.report.fields import FIELDS, TERMINAL_FIELDS, Facts, fields_named
from snaptui.report.table import table
from snaptui.text.cells import cell_width

NAMES = st.text(min_size=0, max_size=90)
ROWS = st.lists(
    st.builds(
        Snapshot,
        id=st.from_regex(r"[0-9]{6,9}|[0-9a-f]{8}-[0-9a-f]{4}", fullmatch=True),
        name=NAMES,
        written=st.none(),
        created=st.none() | st.floats(0, 4e9),
        regions=st.lists(st.sampled_from(["nyc1", "fra1", "sfo3"]), max_size=9).map(tuple),
        min_disk_size=st.none(),
        size_gigabytes=st.none() | st.floats(0, 1e5),
        resource_id=st.none(),
        resource_type=st.sampled_from(["droplet", "volume"]),
        tags=st.none() | st.lists(NAMES, max_size=4).map(tuple),
    ),
    max_size=8,
)
FACTS = Facts(1.8e9)


@given(ROWS, st.integers(16, 250))
def test_on_a_terminal_no_line_is_wider_and_no_row_is_lost(rows: list[Snapshot], width: int) -> None:
    made = table(rows, TERMINAL_FIELDS, FACTS, width=width, may_leave_out=True)
    lines = "".join(made.pieces).splitlines()
    assert len(lines) == len(rows) + 1
    assert all(cell_width(line) <= width for line in lines)


@given(ROWS)
def test_without_a_width_every_cell_is_whole(rows: list[Snapshot]) -> None:
    made = table(rows, FIELDS, FACTS)
    lines = "".join(made.pieces).splitlines()[1:]
    assert made.left_out == ()
    for row, line in zip(rows, lines, strict=True):
        for field in FIELDS:
            assert field.text(row, FACTS).rstrip() in line


def test_numbers_stand_to_the_right_and_words_to_the_left() -> None:
    rows = [
        Snapshot("1", "a", None, None, (), None, 5.0, None, "droplet", ()),
        Snapshot("2", "備份", None, None, (), None, 12345.5, None, "volume", ()),
    ]
    text = "".join(table(rows, fields_named("name,size,type"), FACTS).pieces)
    assert text == "NAME          SIZE  TYPE\na          5.00 GB  droplet\n備份  12,345.50 GB  volume\n"
