"""What each key may cost on the wire, so that no change makes a slow link slower unnoticed."""

import select
from collections.abc import Callable

from snaptui.demo.api import DEMO_TOKEN
from snaptui.demo.server import DemoServer

from .conftest import Open, Terminal

Serve = Callable[..., DemoServer]
IDLE_SECONDS = 3.0
START_UP_BYTES = 5_800
# What it is, the key, what the screen shows then, and a quarter more bytes than it took when this was written.
BUDGETS = (
    ("cursor down", "j", "keys act on ␛]52", 850),
    ("page down", "]", "page 2/22", 1_390),
    ("mark", " ", "1 marked", 575),
    ("open the filter", "/", "1 marked", 255),
    ("type in the filter", "w", "of 56 that match", 1_625),
    ("back to the table", "\r", "of 56 that match", 165),
    ("clear the filter", "\x1b", "of 240", 1_170),
    ("open the review", "d", "type 1 and press Enter", 1_060),
    ("leave the review", "\x1b", "1 marked", 2_975),
    ("open help", "?", "snaptui help", 1_805),
)


def _opened(terminal: Open, serve: Serve) -> Terminal:
    screen = terminal("--api-url", serve().url, DIGITALOCEAN_TOKEN=DEMO_TOKEN)
    screen.until_text("✓ complete")
    screen.until_text("quota 4,993")  # the answer to the last request, which is for sources
    screen.until_text("source ")
    screen.until_quiet()
    return screen


def test_start_up_and_each_key_keep_within_their_budgets(terminal: Open, serve: Serve) -> None:
    screen = _opened(terminal, serve)
    took = {"start-up": len(screen.written)}
    budgets = {"start-up": START_UP_BYTES}
    for what, key, shown, budget in BUDGETS:
        before = len(screen.written)
        screen.send(key)
        screen.until(lambda before=before: len(screen.written) > before)  # type: ignore[misc]
        screen.until_text(shown)
        screen.until_quiet()
        took[what], budgets[what] = len(screen.written) - before, budget
    assert {what: count for what, count in took.items() if count > budgets[what]} == {}


def test_nothing_is_sent_while_nothing_happens(terminal: Open, serve: Serve) -> None:
    on_the_table, in_the_filter = _opened(terminal, serve), _opened(terminal, serve)
    in_the_filter.send("/")
    in_the_filter.until(lambda: in_the_filter.cells[2][-1].bg != on_the_table.cells[2][-1].bg)
    in_the_filter.until_quiet()
    written, _, _ = select.select([on_the_table.process.fd, in_the_filter.process.fd], [], [], IDLE_SECONDS)
    assert written == []
