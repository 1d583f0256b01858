"""The state of the browse screen after each message."""

from msgspec.structs import replace

from snaptui.deletion.batch import Batch
from snaptui.deletion.plan import Plan
from snaptui.deletion.progress import Progress
from snaptui.digitalocean.api.errors import ConnectionFailedError
from snaptui.digitalocean.api.rate_limit import RateLimit
from snaptui.inventory.orders import Sort, SortKey
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.account import Account
from snaptui.model.cost import Totals
from snaptui.model.coverage import Coverage
from snaptui.model.sources import SourceList, Sources
from snaptui.model.token import Token
from snaptui.tui.browse.facts import after, chosen, covering, failed, stopped, with_token
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.deletions.messages import BatchesChanged, BatchRefused
from snaptui.tui.deletions.standing import Standing
from snaptui.tui.messages import (
    AccountRead,
    ClientStateChanged,
    FilterChanged,
    RowChosen,
    RulesJudged,
    SortRequested,
    SourcesRead,
)
from tests.unit.audit.rows import row

HALF = Coverage(total=4, received=2, pages_expected=2, pages_received=1)
WHOLE = Coverage(total=3, received=3, pages_expected=1, pages_received=1, finished=True)


def listed() -> BrowseState:
    rows = (row("1", "web", size=30.0), row("2", "db", size=20.0, source="7"), row("3", "log", size=10.0))
    return BrowseState().holding(Snapshots(rows)).sorted_by(Sort(SortKey.COST, descending=True))


def shown(state: BrowseState) -> list[str]:
    return [one.id for one in state.browsing.view.slice(0, 9)]


def said(state: BrowseState) -> str:
    return "".join(piece.text for piece in state.message)


def test_an_account_that_cannot_be_read_was_asked_for_all_the_same() -> None:
    state = after(listed(), AccountRead(None))
    assert (state.connection.account, state.connection.account_asked) == (None, True)
    known = after(state, AccountRead(Account("u", "ops@example.com", "active")))
    assert known.connection.account is not None


def test_sources_apply_a_filter_again_that_asks_for_them() -> None:
    asking = listed().filtered_by("is:orphan")
    assert shown(asking) == []
    sources = Sources(SourceList({"100": "web"}, None), SourceList({}, None))
    learnt = after(asking, SourcesRead(sources, frozenset({"9"})))
    assert shown(learnt) == ["2"]
    assert learnt.autoscale_images == frozenset({"9"})


def test_what_the_client_waits_for_replaces_what_it_waited_for() -> None:
    waiting = after(listed(), ClientStateChanged(RateLimit(remaining=0), "rate limit: waiting 12 s"))
    assert waiting.waiting == "rate limit: waiting 12 s"
    assert after(waiting, ClientStateChanged(RateLimit(remaining=9), "")).waiting == ""


def test_refusals_and_idle_rules_are_said_made_visible() -> None:
    assert said(after(listed(), BatchRefused("it has ended\x1b[2J"))).startswith(" ✗ it has ended")
    assert "\x1b" not in said(after(listed(), BatchRefused("it has ended\x1b[2J")))
    assert said(after(listed(), RulesJudged("tag:keep matches nothing"))) == " ✗ tag:keep matches nothing"


def test_what_is_in_a_batch_loses_its_mark_and_other_marks_stay() -> None:
    marked = listed().with_marks(listed().browsing.all_marked(lambda _: None).browsing)
    answered = replace(marked, message=listed().message)
    plan = Plan("p", 0.0, "https://x", None, "", (row("1"), row("3")))
    standing = Standing(Batch.of(plan, 0.0, 9.0), Progress(0, 2, 0.0, None, Totals()))
    state = after(answered, BatchesChanged((standing,), 5.0))
    assert state.browsing.marks == {"2"}
    assert state.standings.open_ids == {"1", "3"}
    assert state.marking_judge()(row("1")) == "it is in a deletion already; l lists it"
    assert state.marking_judge()(row("2")) is None


def test_a_click_on_a_row_moves_the_cursor_and_one_on_a_heading_sorts() -> None:
    assert chosen(listed(), RowChosen(2)).browsing.cursor_id == "3"
    by_name = chosen(listed(), SortRequested(SortKey.NAME))
    assert shown(by_name) == ["2", "3", "1"]
    assert shown(chosen(by_name, SortRequested(SortKey.NAME))) == ["1", "3", "2"]


def test_a_filter_is_applied_as_it_is_typed_and_a_wrong_one_leaves_the_rows() -> None:
    typed = chosen(listed(), FilterChanged("web"))
    assert (shown(typed), typed.problem) == (["1"], None)
    wrong = chosen(typed, FilterChanged("web size>"))
    assert shown(wrong) == ["1"]
    assert wrong.problem is not None


def test_ages_are_counted_to_the_first_page_and_again_to_the_last() -> None:
    first = covering(BrowseState(), HALF, 100.0)
    assert (first.now, first.loaded_at, first.loading) == (100.0, None, False)
    more = covering(first, replace(HALF, received=3), 200.0)
    assert more.now == 100.0
    last = covering(more, WHOLE, 300.0)
    assert (last.now, last.loaded_at) == (300.0, 300.0)


def test_a_listing_that_breaks_off_is_incomplete_and_one_that_was_whole_stays_whole() -> None:
    error = ConnectionFailedError("no answer", sent=False)
    broken = failed(replace(listed(), coverage=HALF), error)
    assert (broken.error, shown(broken)) == (error, ["1", "2", "3"])
    assert "no answer" in (broken.coverage.shortfall or "")
    assert failed(replace(listed(), coverage=WHOLE), error).coverage.complete
    assert "stopped by you" in (stopped(replace(listed(), coverage=HALF)).coverage.shortfall or "")


def test_of_another_account_only_filter_and_order_stay() -> None:
    token = Token("dop_v1_" + "f" * 64)
    before = listed().filtered_by("web").of_type("droplet")
    before = before.with_marks(before.browsing.all_marked(lambda _: None).browsing)
    state = with_token(replace(before, coverage=WHOLE, loaded_at=9.0), token)
    assert (len(state.snapshots), state.browsing.marks, state.loaded_at) == (0, frozenset(), None)
    assert (state.text, state.resource_type, state.browsing.view.sort) == ("web", "droplet", before.browsing.view.sort)
    assert state.connection.token is token
    assert state.connection.account is None
    assert state.loading


def test_a_stop_that_comes_behind_the_end_of_the_list_leaves_it_whole() -> None:
    assert stopped(replace(listed(), coverage=HALF, waiting="hour")).coverage.complete is False
    whole = stopped(replace(listed(), coverage=WHOLE, waiting="hour"))
    assert (whole.coverage, whole.waiting) == (WHOLE, "")
