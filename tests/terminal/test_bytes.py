"""Byte budgets of each key at 80x24, so that no change makes a slow link slower unnoticed."""

import select
from collections.abc import Callable

from snaptui.demo.api import DEMO_TOKEN
from tests.support.server import ScriptedServer

from .conftest import Open, Terminal

Serve = Callable[..., ScriptedServer]
IDLE_SECONDS = 3.0
START_UP_BYTES = 4_000
# What it is, the key, and a quarter more bytes than it took when this was written; one key leads on to the next.
BUDGETS = (
    ("down", "j", 850),
    ("up", "k", 940),
    ("page down", "]", 1_440),
    ("page up", "[", 1_600),
    ("last", "G", 1_480),
    ("first", "g", 1_750),
    ("mark", " ", 905),
    ("begin a range", "v", 130),
    ("down in a range", "j", 690),
    ("end a range", "v", 140),
    ("mark all", "A", 250),
    ("invert", "I", 250),
    ("clear the marks", "U", 90),
    ("open the filter", "/", 240),
    ("type in the filter", "w", 1_610),
    ("type on", "e", 1_350),
    ("take a letter back", "\x7f", 905),
    ("back to the table", "\r", 250),
    ("clear the filter", "\x1b", 1_190),
    ("droplets only", "t", 1_540),
    ("volumes only", "t", 1_800),
    ("all types", "t", 1_170),
    ("sort by type", "2", 1_210),
    ("sort by size", "3", 1_200),
    ("sort by the next column", "o", 90),
    ("reverse", "O", 970),
    ("sort by name", "1", 1_250),
    ("hide the details", "p", 1_710),
    ("show the details", "p", 1_810),
    ("open the details", "\r", 1_600),
    ("leave the details", "\x1b", 3_060),
    ("open help", "?", 1_805),
    ("a page of help", "]", 1_370),
    ("leave help", "\x1b", 2_975),
    ("open the palette", "\x10", 5_900),
    ("leave the palette", "\x1b", 3_150),
    ("open the review", "d", 905),
    ("leave the review", "\x1b", 2_975),
    ("a key that cannot work", "u", 110),
    ("draw everything anew", "\x0c", 3_140),
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
    for what, key, _ in BUDGETS:
        before = len(screen.written)
        screen.send(key)
        screen.until(lambda before=before: len(screen.written) > before)  # type: ignore[misc]
        screen.until_quiet()
        took[what] = len(screen.written) - before
    budgets = {"start-up": START_UP_BYTES} | {what: budget for what, _, budget in BUDGETS}
    assert {what: (count, budgets[what]) for what, count in took.items() if count > budgets[what]} == {}


def test_nothing_is_sent_while_nothing_happens(terminal: Open, serve: Serve) -> None:
    on_the_table, in_the_filter = _opened(terminal, serve), _opened(terminal, serve)
    in_the_filter.send("/")
    in_the_filter.until(lambda: in_the_filter.cells[2] != on_the_table.cells[2])
    in_the_filter.until_quiet()
    written, _, _ = select.select([on_the_table.process.fd, in_the_filter.process.fd], [], [], IDLE_SECONDS)
    assert written == []
