"""Signs: what is notable about a row is told by a character, the most important first."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from snaptui.deletion.guards import Guards
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import SourceList, Sources
from snaptui.query import parse
from snaptui.tui.browse.facts import knowing
from snaptui.tui.browse.signs import DAMAGED, MARKED, NEWEST, NO_SIGN, NOTABLE, ORPHAN, PROTECTED, VERY_OLD, Signs
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.browse.steps import showing, view_with

NOW = 1_790_000_000.0
DAY = 86_400.0
READ = SourceList({"7": "db"}, None)
README = (Path(__file__).parents[4] / "README.md").read_text()


def row(number: int, days: float, **changes: object) -> Snapshot:
    plain = Snapshot(str(number), "web", None, NOW - days * DAY, ("nyc1",), 1, 2.0, "7", "volume", ())
    return replace(plain, **changes)


def state_of(*rows: Snapshot) -> BrowseState:
    state = BrowseState(now=NOW, sources=Sources(READ, READ), guards=Guards(protect=(parse("tag:keep"),)))
    return showing(state, view_with(state, rows))


def signs_of(state: BrowseState) -> dict[str, str]:
    signs = Signs()
    signs.look_at(state)
    return {snapshot.id: signs.of(snapshot, state).text for snapshot in state.snapshots}


def test_each_notable_thing_has_its_sign() -> None:
    rows = (
        row(1, 3),
        row(2, 4),
        row(3, 800),
        row(4, 800, tags=("keep",)),
        row(5, 800, resource_id="8"),
        row(6, 3, damage="size"),
    )
    signs = signs_of(state_of(*rows))
    assert signs["2"] == NO_SIGN.text
    assert (signs["3"], signs["4"], signs["5"], signs["6"]) == tuple(
        sign.piece.text for sign in (VERY_OLD, PROTECTED, ORPHAN, DAMAGED)
    )


def test_the_newest_of_several_is_told_from_the_only_one() -> None:
    assert signs_of(state_of(row(1, 3), row(2, 4)))["1"] == NEWEST.piece.text
    assert signs_of(state_of(row(1, 3)))["1"] == NO_SIGN.text


def test_what_is_not_known_is_not_said() -> None:
    unknown = state_of(row(1, 3, resource_id="8"), row(2, 800, created=None))
    unread = replace(unknown, sources=Sources())
    assert set(signs_of(unread).values()) == {NO_SIGN.text}


def test_signs_follow_what_is_learnt_later() -> None:
    state = replace(state_of(row(1, 3, resource_id="8")), sources=Sources())
    signs = Signs()
    signs.look_at(state)
    assert signs.of(state.snapshots.rows[0], state) == NO_SIGN
    learnt = knowing(state, Sources(READ, READ))
    signs.look_at(learnt)
    assert signs.of(learnt.snapshots.rows[0], learnt) == ORPHAN.piece


@pytest.mark.parametrize("sign", [MARKED, *NOTABLE])
def test_each_sign_is_documented_and_like_no_other(sign: object) -> None:
    assert isinstance(sign, type(MARKED))
    assert f"`{sign.piece.text}` {sign.meaning.partition(':')[0]}" in README
    assert [other.piece.text for other in (MARKED, *NOTABLE)].count(sign.piece.text) == 1
