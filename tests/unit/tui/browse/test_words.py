"""Words of the bars: what fits stands there whole, what is wrong is said, and what is listed though it was deleted."""

import pytest
from msgspec.structs import replace

from snaptui.deletion.batch import Batch
from snaptui.deletion.items import Item, Items, Outcome
from snaptui.deletion.plan import Plan
from snaptui.deletion.progress import Progress
from snaptui.inventory.marks import Marks
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.account import Account
from snaptui.model.cost import Totals
from snaptui.model.token import Token
from snaptui.tui.browse.connection import Connection
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.browse.words import account_line, list_line, marking_line, page_line, target_line
from snaptui.tui.deletions.standing import Standing, Standings
from tests.unit.audit.rows import row


def plain(pieces: object) -> str:
    assert isinstance(pieces, tuple)
    return "".join(piece.text for piece in pieces)


def test_an_account_that_is_locked_or_warned_says_so_and_why() -> None:
    locked = Account("u", "ops@example.com", "locked", status_message="payment failed")
    assert "! account locked: payment failed" in plain(account_line(Connection(account=locked), 120))
    fine = Account("u", "ops@example.com", "active", status_message="")
    assert "!" not in plain(account_line(Connection(account=fine), 120))


def after_deleting(*listed: str, loaded: float) -> str:
    plan = Plan("p", 0.0, "https://x", None, "", (row("1"), row("2")))
    items = Items.of(Item(one, Outcome.DELETED) for one in plan.items)
    standing = Standing(Batch(plan, items, ended=50.0), Progress(2, 2, 0.0, None, Totals()))
    state = BrowseState(standings=Standings.of((standing,), 60.0), loaded_at=loaded)
    return plain(target_line(state.holding(Snapshots(row(one) for one in listed)), 100))


def test_what_was_deleted_and_is_listed_by_a_later_reload_is_said() -> None:
    assert "1 snapshot of those deleted still listed by the API" in after_deleting("2", "3", loaded=60.0)
    assert "still listed" not in after_deleting("3", loaded=60.0)
    assert "still listed" not in after_deleting("2", "3", loaded=40.0)


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("width", range(40, 121))
def test_the_account_is_told_whole_and_host_and_token_only_where_they_fit(width: int, read_only: bool) -> None:
    connection = Connection(
        token=Token("dop_v1_" + "f" * 64),
        api_host="api.digitalocean.com",
        account=Account("u", "ops@example.com", "active"),
        read_only=read_only,
    )
    said = plain(account_line(connection, width))
    assert len(said) <= width
    assert "…" not in said.replace(Token("dop_v1_" + "f" * 64).masked, "")
    assert "ops@example.com" in said
    assert ("api." in said) == ("api.digitalocean.com" in said)
    assert ("read-only" in said) == read_only


@pytest.mark.parametrize("width", range(34, 121))
@pytest.mark.parametrize("listed", [240, 99_999])
def test_numbers_of_the_page_line_are_never_cut(width: int, listed: int) -> None:
    rows = Snapshots(row(str(number), name="web" if number % 2 else "db") for number in range(listed))
    state = replace(BrowseState().holding(rows).filtered_by("web"), page_rows=3)
    said = plain(page_line(state, width))
    assert len(said) <= width
    assert "…" not in said
    assert f"1–3 of {listed // 2:,}" in said
    assert f"1–3 of {listed:,}" in plain(page_line(state.filtered_by(""), width))


def test_a_narrow_line_says_first_what_keys_act_on() -> None:
    state = BrowseState().holding(Snapshots([row("1", name="mailstore-archive-before-migration")]))
    assert plain(target_line(state, 80)) == " nothing marked: keys act on mailstore-archive-before-migration"
    assert plain(target_line(state, 48)) == " keys act on mailstore-archive-before-migration"
    assert plain(target_line(state, 40)) == " keys act on mailstore-arc…re-migration"


def test_without_a_token_nothing_is_said_to_be_loading() -> None:
    assert "loading" not in plain(list_line(BrowseState(), 80))
    assert plain(account_line(Connection(), 80)).startswith(" snaptui · no account · no token")
    waiting = BrowseState(connection=Connection(token=Token("dop_v1_" + "f" * 64)))
    assert "loading" in plain(list_line(waiting, 80))


def nobody(_row: object) -> None:
    return None


@pytest.mark.parametrize("width", range(34, 121))
def test_how_many_marks_the_filter_hides_is_never_cut(width: int) -> None:
    listed = BrowseState().holding(Snapshots(row(str(number), name="db") for number in range(1_600)))
    marked = replace(listed, browsing=listed.browsing.all_marked(nobody).browsing)
    for state in (marked, marked.filtered_by("web")):
        said = plain(target_line(state, width))
        assert len(said) <= width
        assert "…" not in said
        assert "1,600 marked" in said
        assert ("1,600 hidden" in said or "1,600 of them hidden by the filter" in said) == (state is not marked)
    assert "GB" in plain(target_line(marked, 40)) or "TB" in plain(target_line(marked, 40))


def test_marking_says_how_many_are_marked_and_hidden_now() -> None:
    listed = BrowseState().holding(Snapshots([row("1", name="web"), row("2", name="db"), row("3", name="db")]))
    one = replace(listed.filtered_by("web"))
    one = replace(one, browsing=one.browsing.all_marked(nobody).browsing).filtered_by("db")
    for marks, said in (
        (Marks.ALL, "2 more marked: 3 now, 1 hidden"),
        (Marks.INVERT, "inverted: 3 marked now, 1 hidden"),
    ):
        marking = one.browsing.all_marked(nobody) if marks is Marks.ALL else one.browsing.inverted(nobody)
        assert plain(marking_line(marks, marking)) == f" ● {said}"
