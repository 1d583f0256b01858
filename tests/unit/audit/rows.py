"""Snapshots for audits: made by hand, and many of them by chance."""

import random
from collections.abc import Sequence

from hypothesis import strategies as st
from msgspec.structs import replace

from snaptui.model.snapshot import DROPLET, VOLUME, Snapshot
from snaptui.model.sources import SourceList, Sources

NOW = 1_790_000_000.0
DAY = 86_400.0


def row(
    snapshot_id: str,
    name: str = "web",
    *,
    days: float | None = 1.0,
    size: float | None = 10.0,
    source: str | None = "100",
    kind: str = DROPLET,
    tags: Sequence[str] | None = (),
    regions: Sequence[str] = ("nyc3",),
    damage: str | None = None,
) -> Snapshot:
    """A snapshot that is so many days old."""
    created = None if days is None else NOW - days * DAY
    own = None if tags is None else tuple(tags)
    return Snapshot(snapshot_id, name, None, created, tuple(regions), 25, size, source, kind, own, damage)


KINDS = st.sampled_from(
    (
        (DROPLET, None),
        (DROPLET, "100"),
        (DROPLET, "101"),
        (DROPLET, "102"),
        (VOLUME, None),
        (VOLUME, "7e1f0000-0000-4000-8000-000000000200"),
        (VOLUME, "7e1f0000-0000-4000-8000-000000000201"),
        ("odd", "one"),
    )
)
"""Types with the ids of sources as the API forms them."""


def of_kind(kind: tuple[str, str | None], one: Snapshot) -> Snapshot:
    """The same snapshot of another source."""
    return replace(one, resource_type=kind[0], resource_id=kind[1])


ROWS = st.builds(
    row,
    st.just("0"),
    st.sampled_from(("web-1", "web-2", "db-2024-01-01", "db-2024-02-01", "*", "a b", "pvc")),
    days=st.one_of(st.none(), st.integers(-2, 3_000).map(float), st.floats(-2, 3_000)),
    size=st.one_of(st.none(), st.integers(0, 4_000).map(lambda hundredths: hundredths / 100)),
    tags=st.one_of(st.none(), st.lists(st.sampled_from(("prod", "a b", "x*", "keep")), max_size=3)),
    regions=st.lists(st.sampled_from(("nyc3", "fra1")), max_size=2),
    damage=st.sampled_from((None, None, None, "no id")),
)


@st.composite
def lists(draw: st.DrawFn) -> list[Snapshot]:
    """Up to 30 snapshots with ids of their own."""
    drawn = draw(st.lists(st.builds(of_kind, KINDS, ROWS), max_size=30))
    return [replace(one, id=str(number)) for number, one in enumerate(drawn, 1)]


SOURCES = st.builds(
    Sources,
    st.builds(SourceList, st.just({"100": "web-1"}), st.sampled_from((None, "403"))),
    st.builds(
        SourceList, st.just({"7e1f0000-0000-4000-8000-000000000200": "db"}), st.sampled_from((None, "page 2 failed"))
    ),
)


def many(count: int, seed: int = 1) -> list[Snapshot]:
    """An account of so many snapshots: a tenth of them are of sources of their own."""
    chance = random.Random(seed)
    tags = [("prod", "web"), ("nightly",), (), ("env:staging", "team:data", "x")]
    regions = [("nyc3",), ("fra1", "ams3"), ("sfo3",)]
    made = []
    for number in range(count):
        source = str(chance.randrange(count // 10 + 1))
        made.append(
            row(
                str(number),
                f"host-{source}-{1_500_000_000 + chance.randrange(200_000_000)}",
                days=chance.random() * 2_000,
                size=chance.randrange(1, 20_000) / 100,
                source=source,
                kind=chance.choice((DROPLET, VOLUME)),
                tags=chance.choice(tags),
                regions=chance.choice(regions),
            )
        )
    return made
