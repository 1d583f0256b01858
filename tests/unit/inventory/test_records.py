from hypothesis import given
from hypothesis import strategies as st

from snaptui.inventory.records import Records
from snaptui.model.snapshot import Snapshot


def snapshot(row_id: str) -> Snapshot:
    return Snapshot(row_id, "web", None, None, (), None, None, None, "droplet", None)


@given(st.lists(st.text(max_size=3), unique=True), st.lists(st.text(max_size=3)), st.integers(1, 50))
def test_every_id_is_found_where_it_was_put_and_no_other_is(ids: list[str], others: list[str], step: int) -> None:
    records = Records()
    for start in range(0, len(ids), step):
        records.extend([snapshot(row_id) for row_id in ids[start : start + step]])
    assert list(records.numbers_of(ids)) == list(range(len(ids)))
    assert list(records.numbers_of(others)) == [ids.index(other) if other in ids else -1 for other in others]


def test_an_id_is_told_from_those_that_differ_in_zeros_or_case() -> None:
    ids = ["7", "07", "007", "a-b", "A-b", "A-B", *map(str, range(100, 5_000))]
    records = Records(map(snapshot, ids))
    assert list(records.numbers_of(ids)) == list(range(len(ids)))
    assert list(records.numbers_of(("0007", "a-B", ""))) == [-1, -1, -1]
