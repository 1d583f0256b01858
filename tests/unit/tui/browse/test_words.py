"""Words of the bars: what is wrong with the account, and what is listed though it was deleted."""

from snaptui.deletion.batch import Batch, Item, Outcome
from snaptui.deletion.plan import Plan
from snaptui.deletion.progress import Progress
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.account import Account
from snaptui.model.cost import Totals
from snaptui.tui.browse.connection import Connection
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.browse.words import account_line, target_line
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
    items = tuple(Item(one, Outcome.DELETED) for one in plan.items)
    standing = Standing(Batch(plan, items, ended=50.0), Progress(2, 2, 0.0, None, Totals()))
    state = BrowseState(standings=Standings.of((standing,), 60.0), loaded_at=loaded)
    return plain(target_line(state.holding(Snapshots(row(one) for one in listed)), 100))


def test_what_was_deleted_and_is_listed_by_a_later_reload_is_said() -> None:
    assert "1 snapshot of those deleted still listed by the API" in after_deleting("2", "3", loaded=60.0)
    assert "still listed" not in after_deleting("3", loaded=60.0)
    assert "still listed" not in after_deleting("2", "3", loaded=40.0)
