"""Half-typed words at the end of a query."""

import pytest

from snaptui.inventory.half_words import half_word
from snaptui.inventory.orders import Sort
from snaptui.inventory.snapshots import Snapshots
from snaptui.inventory.view import View
from snaptui.query import QueryContext, parse
from tests.unit.audit.rows import row

LISTED = Snapshots(
    (
        row("1", "web-2024-01-01", tags=("env:prod", "env"), regions=("nyc3",)),
        row("2", "regional", tags=("team",), regions=("fra1",)),
    )
)


def goes_on(text: str) -> str | None:
    found = half_word(text, View.of(LISTED, parse(text), Sort(), QueryContext(0.0, places=LISTED.places)))
    return None if found is None else found.reason


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("siz", "size>"),
        ("web siz", "size>"),
        ("region:ny", "nyc3"),
        ("tag:tea", "team"),
        ("family:we", "web"),
        ("tag:team,env:p", "env:prod"),
    ],
)
def test_half_a_word_says_how_it_goes_on(text: str, said: str) -> None:
    assert said in (goes_on(text) or "")


@pytest.mark.parametrize(
    "text",
    ["", "web", "reg", "region:nyc3", "tag:env", "name:we", "zzz", "region:zzz", "size>1GB", "siz web"],
)
def test_a_whole_word_or_one_that_nothing_goes_on_from_is_left_alone(text: str) -> None:
    assert goes_on(text) is None


def test_the_place_of_the_half_word_is_marked() -> None:
    text = "web region:ny"
    found = half_word(text, View.of(LISTED, parse(text), Sort(), QueryContext(0.0)))
    assert found is not None
    assert text[found.position : found.position + found.length] == "ny"
