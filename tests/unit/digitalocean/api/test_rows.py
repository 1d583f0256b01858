import json

from hypothesis import given
from hypothesis import strategies as st

from snaptui.deletion.plan import Plan
from snaptui.digitalocean.api import answers
from snaptui.digitalocean.api.requests import Answer, Page
from snaptui.model.snapshot import Snapshot

SOUND = {
    "id": "6372321",
    "name": "web-01",
    "created_at": "2024-02-29T10:00:00Z",
    "regions": ["nyc3"],
    "min_disk_size": 25,
    "size_gigabytes": 2.5,
    "resource_id": "200776916",
    "resource_type": "droplet",
    "tags": ["web"],
}
ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([2**63 - 1, 2**63, 10**400, 10**12, 10**12 + 1, -1]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=3),
    st.sampled_from(["a-1", "x" * 65, "a\n", "2024-13-01T00:00:00Z", "2024-01-01 00:00:00.5+02:00", "1234"]),
)
VALUES = st.one_of(ATOMS, st.lists(ATOMS, max_size=3), st.dictionaries(st.text(max_size=2), ATOMS, max_size=1))
ROWS = st.builds(
    lambda changed, missing: {name: v for name, v in (SOUND | changed).items() if name not in missing},
    st.dictionaries(st.sampled_from([*SOUND, "unknown"]), VALUES, max_size=2),
    st.sets(st.sampled_from(list(SOUND)), max_size=1),
)


def page(rows: list[dict[str, object]]) -> Page[Snapshot]:
    body = json.dumps({"snapshots": rows, "meta": {"total": len(rows)}}).encode()
    return answers.read_page(Answer(200, {}, body), 1)


@given(st.lists(ROWS, max_size=3))
def test_a_page_of_sound_rows_is_read_as_a_damaged_one_is(rows: list[dict[str, object]]) -> None:
    spoilt = page([*rows, {}]).rows
    assert page(rows).rows == spoilt[:-1]
    assert spoilt[-1].damage


MOMENTS = st.one_of(
    st.datetimes().map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%SZ}"),
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.sampled_from(
        ["2024-02-29T10:00:00.000Z", "2024-02-29T10:00:00+00:00", "2024-02-29 10:00:00Z", "last tuesday", ""]
    ),
    st.text(max_size=20),
)


@given(MOMENTS)
def test_a_moment_is_given_back_letter_for_letter(text: str) -> None:
    (row,) = page([SOUND | {"created_at": text}]).rows
    assert row.created_at == text
    assert row.to_json()["created_at"] == text
    plan = Plan("p", 5.0, "https://x", None, "", (row,))
    assert json.loads(plan.to_json())["plan"]["items"][0]["created_at"] == text
    assert Plan.from_json(plan.to_json()) == plan


def test_a_moment_in_the_usual_form_is_not_kept_twice() -> None:
    (row,) = page([SOUND]).rows
    assert row.written is None
    assert row.created == 1_709_200_800.0
