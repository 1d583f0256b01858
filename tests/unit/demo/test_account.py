"""The made-up account: realistic, hostile, the same for the same seed."""

import time
import unicodedata
from collections import Counter
from datetime import datetime
from uuid import UUID

import pytest

from snaptui.demo.account import DemoAccount
from snaptui.demo.generator import generated_account
from snaptui.demo.machines import DAY_SECONDS
from snaptui.demo.names import DEAREST, HOSTILE, LOOKALIKES
from snaptui.demo.resources import Row

NOW = 1_790_000_000.0
FIELDS = {
    "id",
    "name",
    "created_at",
    "regions",
    "min_disk_size",
    "size_gigabytes",
    "resource_id",
    "resource_type",
    "tags",
}


@pytest.fixture(scope="module")
def account() -> DemoAccount:
    return generated_account(now=NOW)


@pytest.fixture(scope="module")
def rows(account: DemoAccount) -> list[Row]:
    return list(account.snapshots.values())


def tags_of(row: Row) -> list[str]:
    tags = row["tags"]
    assert isinstance(tags, list)
    return tags


def names(rows: list[Row]) -> list[str]:
    return [str(row["name"]) for row in rows]


def test_the_same_seed_on_the_same_day_is_the_same_account() -> None:
    one, later, other = (
        generated_account(now=NOW),
        generated_account(now=NOW + 60),
        generated_account(now=NOW, seed=8),
    )
    assert one == later
    assert one.snapshots != other.snapshots


def test_every_row_has_the_references_fields_and_a_key_that_is_its_id(account: DemoAccount) -> None:
    assert len(account.snapshots) == 240
    assert all(set(row) == FIELDS and row["id"] == key for key, row in account.snapshots.items())


def test_droplet_snapshots_have_digits_and_volume_snapshots_uuids(rows: list[Row]) -> None:
    for row in rows:
        if row["resource_type"] == "droplet":
            assert str(row["id"]).isdecimal()
            assert str(row["resource_id"]).isdecimal()
        else:
            assert str(UUID(str(row["id"]))) == row["id"]
            assert str(UUID(str(row["resource_id"]))) == row["resource_id"]


def test_ages_span_years_and_none_is_in_the_future(rows: list[Row]) -> None:
    ages = [NOW - datetime.fromisoformat(str(row["created_at"])).timestamp() for row in rows]
    assert min(ages) > 0
    assert max(ages) > 5 * 365 * DAY_SECONDS


def test_sizes_are_realistic(rows: list[Row]) -> None:
    sizes = [float(str(row["size_gigabytes"])) for row in rows]
    assert 0.1 <= min(sizes) <= max(sizes) <= 300


def test_some_sources_are_gone_and_some_are_gpu_droplets(account: DemoAccount, rows: list[Row]) -> None:
    gpus = {str(droplet["id"]) for droplet in account.gpu_droplets}
    alive = gpus | {str(source["id"]) for source in (*account.droplets, *account.volumes)}
    assert any(row["resource_id"] in gpus for row in rows)
    assert 0 < sum(row["resource_id"] not in alive for row in rows) < len(rows) / 2


def test_one_volume_has_as_many_snapshots_as_a_volume_can(rows: list[Row]) -> None:
    assert Counter(row["resource_id"] for row in rows if row["resource_type"] == "volume").most_common(1)[0][1] == 25


def test_kubernetes_snapshots_have_their_clusters_tag_and_name(rows: list[Row]) -> None:
    kubernetes = [row for row in rows if any(tag.startswith("k8s:") for tag in tags_of(row))]
    assert kubernetes
    for row in kubernetes:
        assert row["resource_type"] == "volume"
        assert UUID(str(row["name"]).removeprefix("snapshot-"))


def test_some_are_protected_some_share_a_name_and_some_are_in_several_regions(rows: list[Row]) -> None:
    assert any({"keep", "protected"} & set(tags_of(row)) for row in rows)
    assert Counter(names(rows)).most_common(1)[0][1] > 1
    assert any(isinstance(row["regions"], list) and len(row["regions"]) > 1 for row in rows)


def test_an_autoscale_pool_uses_a_snapshot(account: DemoAccount) -> None:
    template = account.autoscale_pools[0]["droplet_template"]
    assert isinstance(template, dict)
    assert account.snapshots[str(template["image"])]["resource_type"] == "droplet"


@pytest.mark.parametrize(
    "piece",
    ["[/]", "[@click=", "\x1b]52;c;", "\x1b[2J", "\x9b", "\u202e", "\n", "\t", "\u200d", "\u0301", "=HYPERLINK("],
)
def test_hostile_names_are_among_them(rows: list[Row], piece: str) -> None:
    assert any(piece in name for name in names(rows))


def test_very_long_and_wide_names_are_among_them(rows: list[Row]) -> None:
    assert max(map(len, names(rows))) >= 300
    assert any(unicodedata.east_asian_width(name[0]) == "W" for name in names(rows))


def test_the_dearest_have_names_one_would_give_and_the_hostile_ones_are_far_down(rows: list[Row]) -> None:
    dearest = sorted(rows, key=lambda row: -float(str(row["size_gigabytes"])))
    assert names(dearest)[: len(DEAREST)] == [name.format(date="2025-12-30") for name, *_ in DEAREST]
    odd = {*HOSTILE, *(name for pair in LOOKALIKES for name in pair)}
    assert not odd & set(names(dearest)[:120])
    assert odd <= set(names(rows))


def test_no_two_sources_have_an_id(account: DemoAccount) -> None:
    for sources in ([*account.droplets, *account.gpu_droplets], account.volumes):
        assert len({source["id"] for source in sources}) == len(sources)


def test_builders_leave_families_of_images_and_are_gone(account: DemoAccount, rows: list[Row]) -> None:
    images = [row for row in rows if "packer" in tags_of(row)]
    alive = {str(droplet["id"]) for droplet in (*account.droplets, *account.gpu_droplets)}
    assert Counter(name.rpartition("-")[0] for name in names(images)) == {"web-image": 12, "worker-image": 6}
    assert not alive & {str(row["resource_id"]) for row in images}
    assert len({row["resource_id"] for row in images}) == len(images)


def test_some_droplets_are_built_from_a_snapshot_and_some_have_none(account: DemoAccount, rows: list[Row]) -> None:
    images = [droplet["image"] for droplet in account.droplets]
    assert any(isinstance(image, dict) and str(image["id"]) in account.snapshots for image in images)
    saved = {row["resource_id"] for row in rows}
    unsaved = {str(droplet["name"]) for droplet in account.droplets if str(droplet["id"]) not in saved}
    assert {"web-7", "web-8", "mail-4"} <= unsaved
    assert any(name.startswith("main-pool-") for name in unsaved)
    assert {str(volume["name"]) for volume in account.volumes if volume["id"] not in saved} >= {"staging-scratch"}


@pytest.mark.parametrize("wanted", [0, 1, 3, 26, 60])
def test_small_accounts_have_exactly_as_many(wanted: int) -> None:
    assert len(generated_account(now=NOW, snapshots=wanted).snapshots) == wanted


def test_a_hundred_thousand_take_seconds_of_work_at_most() -> None:
    started = time.process_time()
    account = generated_account(now=NOW, snapshots=100_000)
    assert len(account.snapshots) == 100_000
    assert time.process_time() - started < 6


def test_snapshots_are_added_at_either_end_changed_and_deleted(rows: list[Row]) -> None:
    account = generated_account(now=NOW, snapshots=3)
    middle = list(account.snapshots)
    account.add({**rows[0], "id": "1"}, first=True)
    account.add({**rows[0], "id": "2"})
    assert list(account.snapshots) == ["1", *middle, "2"]
    account.change("1", name="renamed")
    account.forget("2", "tags", "regions")
    assert account.snapshots["1"]["name"] == "renamed"
    assert set(account.snapshots["2"]) == FIELDS - {"tags", "regions"}
    assert account.delete("1")
    assert not account.delete("1")


@pytest.mark.parametrize("first", [False, True])
def test_adding_an_id_again_replaces_its_row(rows: list[Row], first: bool) -> None:
    account = generated_account(now=NOW, snapshots=3)
    known = list(account.snapshots)[1]
    account.add({**rows[0], "id": known, "name": "again"}, first=first)
    assert len(account.snapshots) == 3
    assert account.snapshots[known]["name"] == "again"


def test_the_listing_follows_every_change(rows: list[Row]) -> None:
    account = generated_account(now=NOW, snapshots=30)

    def listed() -> list[object]:
        assert account.rows() == list(account.snapshots.values())
        kinds = [account.rows(kind) for kind in ("droplet", "volume")]
        assert {str(row["id"]) for kind in kinds for row in kind} == {str(row["id"]) for row in account.rows()}
        return [row["id"] for row in account.rows("volume")]

    before = listed()
    wanted = str(before[0])
    account.change(wanted, resource_type="droplet")
    assert listed() == before[1:]
    account.change(wanted, resource_type="volume")
    account.forget(wanted, "tags")
    assert listed() == before
    account.delete(wanted)
    account.add({**rows[0], "id": "new", "resource_type": "volume"}, first=True)
    assert listed() == ["new", *before[1:]]
    account.snapshots.pop("new")
    assert listed() == before[1:]
