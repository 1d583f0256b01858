"""Answers of any shape: one bad row costs that row, and nothing that a server sends is more than an error."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import msgpack

from snaptui.digitalocean.api import answers
from snaptui.digitalocean.api.errors import UnreadableAnswerError
from snaptui.digitalocean.api.lenient import mended
from snaptui.digitalocean.api.requests import Answer, Page
from snaptui.model.snapshot import Snapshot

GOOD = (
    '{"id": "6372321", "name": "web-01", "created_at": "2024-02-29T10:00:00Z", "regions": ["nyc3"], '
    '"min_disk_size": 25, "size_gigabytes": 2.5, "resource_id": "1", "resource_type": "droplet", "tags": []}'
)


def page(*rows: bytes, total: str = "2", links: str = "{}") -> Page[Snapshot]:
    body = b'{"snapshots": [%s], ' % b", ".join(rows)
    body += f'"links": {links}, "meta": {{"total": {total}}}}}'.encode()
    return answers.read_page(Answer(200, {"date": "Wed, 25 Nov 2026 17:00:00 GMT"}, body), 1)


def row(**fields: str) -> bytes:
    """A row of which fields are given as JSON."""
    text = GOOD
    for name, value in fields.items():
        before, _, after = text.partition(f'"{name}": ')
        end = after.index("]") + 1 if after.startswith("[") else after.index(",")
        text = f'{before}"{name}": {value}{after[end:]}'
    return text.replace("6372321", "99").encode("utf-8", "surrogateescape")


@pytest.mark.parametrize(
    ("broken", "damage"),
    [
        (row(min_disk_size="1e30"), "min_disk_size: too large"),
        (row(min_disk_size="1e400"), "min_disk_size: expected a size"),
        (row(min_disk_size="9" * 400), "min_disk_size: too large"),
        (row(min_disk_size=str(2**63)), "min_disk_size: too large"),
        (row(size_gigabytes="1e400"), "size_gigabytes: expected a size, got inf"),
        (row(size_gigabytes="1e308"), "size_gigabytes: too large"),
        (row(size_gigabytes="1000000000001"), "size_gigabytes: too large"),
        (row(size_gigabytes="-1"), "size_gigabytes: expected a size"),
        (row(size_gigabytes="NaN"), "size_gigabytes: expected a size, got nan"),
        (row(size_gigabytes="9" * 5_000), "size_gigabytes: too large"),
        (row(name='"half \\ud800 a pair"'), "name: a text that is not Unicode"),
        (row(name='"latin \udce9"'), "name: a text that is not Unicode"),
        (row(tags='["\\udfff"]'), "tags: a text that is not Unicode"),
        (row(created_at="7"), "created_at: expected text"),
        (row(resource_id="1e99"), "resource_id: expected text"),
        (row(regions="[[[[]]]]"), "regions: expected text"),
        (b"7", "expected an object"),
        (b"null", "expected an object"),
    ],
    ids=lambda value: str(value)[-40:],
)
def test_a_row_that_cannot_be_read_costs_that_row_only(broken: bytes, damage: str) -> None:
    good, bad = page(GOOD.encode(), broken).rows
    assert (good.id, good.damage) == ("6372321", None)
    assert bad.damage is not None
    assert damage in bad.damage
    # What the client reads crosses to another process.
    assert msgpack.decode(msgpack.encode((good, bad)), type=tuple[Snapshot, ...]) == (good, bad)


@pytest.mark.parametrize("whole", [9007199254740993, 2**63 - 1])
def test_whole_numbers_are_exact_beside_a_damaged_row_too(whole: int) -> None:
    for rows in ([row(min_disk_size=str(whole))], [row(min_disk_size=str(whole)), b"7"]):
        assert page(*rows).rows[0].min_disk_size == whole


@pytest.mark.parametrize("total", ["1" + "0" * 30, "1e30", "9" * 5_000, str(2**63)])
def test_a_total_beyond_all_measure_costs_no_row(total: str) -> None:
    read = page(GOOD.encode(), total=total)
    assert len(read.rows) == 1
    assert read.total == 2**63 - 1


@pytest.mark.parametrize("total", ["-1", "null", '"2"', "true", "1.5", "1e400", "[]"])
def test_a_total_that_is_no_count_is_unreadable(total: str) -> None:
    with pytest.raises(UnreadableAnswerError, match=r"meta.total|not JSON"):
        page(GOOD.encode(), total=total)


@pytest.mark.parametrize(
    ("links", "more"),
    [
        ("{}", False),
        ("null", False),
        ("[]", False),
        ('{"pages": {}}', False),
        ('{"pages": null}', False),
        ('{"pages": 7}', False),
        ('{"pages": {"first": "x", "prev": "x"}}', False),
        ('{"pages": {"next": "https://example.invalid/v2/snapshots?page=2"}}', True),
    ],
)
def test_whether_a_page_links_to_a_next_one_is_read_with_sound_rows_and_damaged_ones(links: str, more: bool) -> None:
    assert page(GOOD.encode(), links=links).more is more
    assert page(GOOD.encode(), b"7", links=links).more is more


def test_the_servers_own_clock_is_read() -> None:
    assert page(GOOD.encode()).server_now == 1_795_626_000.0


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["id", "name", "meta", "total", "links", "image", "droplet_template", "account", "team", "x"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(
        st.sampled_from(["droplets", "volumes", "autoscale_pools", "snapshots", "snapshot", "account", "meta"]), JSON
    )
)
def test_any_json_is_data_or_an_unreadable_answer(body: dict[str, object]) -> None:
    answer = Answer(200, {}, json.dumps(body).encode())
    for read in (
        answers.read_droplets,
        answers.read_volumes,
        answers.read_autoscale_pools,
        answers.read_account,
        lambda answer: answers.read_page(answer, 1),
        lambda answer: answers.read_snapshot(answer, "1"),
    ):
        try:
            value: object = read(answer)
        except UnreadableAnswerError:
            continue
        assert msgpack.encode(value)


@given(st.text(alphabet=st.characters(), max_size=20))
def test_a_mended_text_can_be_written_and_a_sound_one_is_left_alone(text: str) -> None:
    written = mended(text).encode()
    assert written == text.encode() if text == mended(text) else "\N{REPLACEMENT CHARACTER}" in mended(text)


def test_droplets_volumes_and_pools_say_what_is_asked_of_them() -> None:
    droplets = {
        "droplets": [
            {
                "id": 7,
                "name": "pool-abc",
                "created_at": "2024-02-29T10:00:00Z",
                "tags": ["k8s", "k8s:worker"],
                "image": {"id": 6372321, "name": "web"},
            },
            {"id": 8, "image": None, "tags": None},
        ],
        "meta": {"total": 2},
    }
    first, second = answers.read_droplets(Answer(200, {}, json.dumps(droplets).encode())).rows
    assert (first.id, first.name, first.created, first.image_id) == ("7", "pool-abc", 1_709_200_800.0, "6372321")
    assert first.is_kubernetes
    assert (second.id, second.name, second.created, second.tags, second.image_id) == ("8", "", None, None, None)
    assert not second.is_kubernetes
    pool = {"id": "p", "name": "web-pool", "droplet_template": {"name": "web", "image": "6372321"}}
    (read,) = answers.read_autoscale_pools(
        Answer(200, {}, json.dumps({"autoscale_pools": [pool], "meta": {"total": 1}}).encode())
    ).rows
    assert (read.name, read.droplet_name, read.image_id) == ("web-pool", "web", "6372321")
