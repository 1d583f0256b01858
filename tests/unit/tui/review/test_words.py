"""The review in words: it counts everything, says what it does not name, and cuts neither number nor warning."""

import json

import pytest
from msgspec.structs import replace

from snaptui.deletion.plan import Plan
from snaptui.inventory.cursor import Browsing
from snaptui.inventory.snapshots import Snapshots
from snaptui.inventory.view import View
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import SourceState
from snaptui.tui.browse.connection import Connection
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.details.words import Details, detail_lines
from snaptui.tui.review.victims import VictimLines
from snaptui.tui.review.words import Review, heading_lines, rows_needed


def snapshot(number: int, resource_type: str, *regions: str) -> Snapshot:
    return Snapshot(str(number), "web", None, 1.6e9, regions, 25, 1.0, None, resource_type, ())


@pytest.mark.parametrize(
    ("regions", "said"),
    [
        (("nyc1", "nyc1", "fra1"), "2 droplets, 1 volume · 2 nyc1, 1 fra1"),
        (tuple(f"r{n}" for n in range(8)), "7 droplets, 1 volume · 1 r0, 1 r1, 1 r2, 1 r3, 1 r4, 1 r5, 2 more regions"),
    ],
)
def test_types_and_regions_are_counted_and_what_is_left_out_is_said(regions: tuple[str, ...], said: str) -> None:
    types = ["volume", *["droplet"] * (len(regions) - 1)]
    items = tuple(snapshot(n, kind, region) for n, (kind, region) in enumerate(zip(types, regions, strict=True)))
    review = Review.of(Plan("p", 1.7e9, "https://api.example", None, "", items), BrowseState(now=1.7e9))
    text = ["".join(piece.text for piece in line) for line in heading_lines(review, 200, 24)]
    assert f" {said}" in text


def test_an_age_that_is_not_believed_is_none() -> None:
    server_now = 1.7e9
    items = tuple(replace(snapshot(n, "volume"), created=server_now + days * 86_400) for n, days in enumerate((-90, 2)))
    snapshots = Snapshots(items).dated_by(server_now)
    state = BrowseState(now=server_now, browsing=Browsing(View(snapshots)))
    review = Review.of(Plan("p", server_now, "https://api.example", None, "", items), state)
    text = ["".join(piece.text for piece in line) for line in heading_lines(review, 200, 24)]
    assert any("3 months old, 1 of unknown age" in row for row in text), text
    assert review.warnings["1"][-1] == "its age is not known: its date is in the future"
    believed = detail_lines(Details(items[0], SourceState.UNKNOWN, None, None, None), state.terms, 120)
    doubted = detail_lines(Details(items[1], SourceState.UNKNOWN, None, None, None), state.terms, 120)
    assert "ago" in "".join(piece.text for row in believed for piece in row)
    assert "in the future by the server's clock" in "".join(piece.text for row in doubted for piece in row)


@pytest.mark.parametrize("width", range(40, 121))
def test_numbers_and_warnings_are_whole_at_every_width(width: int) -> None:
    items = tuple(snapshot(number, "volume", "nyc1") for number in range(1_234))
    review = Review.of(Plan("p", 1.7e9, "https://api.example", None, "", items), BrowseState(now=1.7e9))
    warned = replace(review, warnings={"7": ["LAST COPY: its source is gone, and no other snapshot has its name"]})
    heading = ["".join(piece.text for piece in line) for line in heading_lines(warned, width, 24)]
    victims = ["".join(piece.text for piece in line) for line in VictimLines(warned, width)]
    assert max(map(len, [*heading, *victims])) <= width
    assert heading[0].startswith(" Delete 1,234 snapshots")
    assert not any("…" in line for line in [*heading[1:], *victims])
    told = " ".join(" ".join(victims[1:4]).split())
    assert "LAST COPY: its source is gone, and no other snapshot has its name" in told
    assert rows_needed(warned, width) >= rows_needed(warned, 120)


def test_what_is_saved_is_priced_as_the_settings_say() -> None:
    items = (snapshot(1, "volume", "nyc1"), snapshot(2, "volume", "nyc1"))
    review = Review.of(Plan("p", 1.7e9, "https://api.example", None, "", items), BrowseState(now=1.7e9))
    priced = replace(review, terms=replace(review.terms, usd_per_gb_month=5.0))
    text = ["".join(piece.text for piece in line) for line in heading_lines(priced, 120, 24)]
    assert "$10.00/mo" in text[1]


@pytest.mark.parametrize(("demo", "url"), [(False, "http://127.0.0.1:7"), (True, "the demo account")])
def test_the_file_of_a_review_has_its_warnings_and_one_of_the_demo_is_for_any_run_of_it(demo: bool, url: str) -> None:
    plan = Plan("p", 1.7e9, "http://127.0.0.1:7", None, "", (snapshot(1, "volume", "nyc1"),))
    review = Review.of(plan, BrowseState(now=1.7e9, connection=Connection(demo=demo)))
    assert Plan.from_json(review.file) == replace(plan, api_url=url)
    assert json.loads(review.file)["warnings"] == {"1": list(review.warnings["1"])}
