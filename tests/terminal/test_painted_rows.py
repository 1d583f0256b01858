"""Keys act on the row that the terminal has drawn, and not on rows that arrive behind it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

import pytest

from snaptui.demo.api import DEMO_TOKEN
from snaptui.demo.generator import generated_account
from snaptui.demo.server import DemoServer

from ..conftest import NOW
from ..support.faults import Fault
from .conftest import HoldingTerminal, Open

Serve = Callable[..., DemoServer]
LATER = "came-late-and-dear"


@contextmanager
def _slid(terminal: Open, serve: Serve) -> Iterator[tuple[HoldingTerminal, str]]:
    """A terminal that does not say yet that a dearer row has slid under the cursor, and the name painted before."""
    account = generated_account(now=NOW)
    last = str(list(account.snapshots.values())[-1]["id"])
    account.change(last, name=LATER, size_gigabytes=9_000.0, tags=[])
    # Sources would be drawn in frames of their own, and only two may be unanswered.
    hold, no_sources = Event(), Event()
    sources = Fault(path="/v2/(droplets|volumes).*", hold=no_sources, times=None)
    server = serve(Fault(path="/v2/snapshots", query={"page": "2"}, hold=hold), sources, account=account)
    screen = terminal("--api-url", server.url, kind=HoldingTerminal, DIGITALOCEAN_TOKEN=DEMO_TOKEN)
    assert isinstance(screen, HoldingTerminal)
    screen.until_text("dearest so far")
    screen.until_quiet()
    painted = _name(next(line for line in screen.text.splitlines() if "▸" in line))
    screen.hold_answers()
    hold.set()
    screen.until_text(LATER)
    yield screen, painted
    no_sources.set()


def _name(line: str) -> str:
    return line.split()[0].lstrip("~▲○■▸")


def _reviewed(screen: HoldingTerminal, name: str) -> None:
    screen.until_text("Delete 1 snapshot")
    screen.until_quiet()
    assert name in screen.text


@pytest.mark.parametrize("at_once", [True, False], ids=["in one packet", "in several"])
def test_a_key_means_the_row_that_was_drawn_under_the_cursor(terminal: Open, serve: Serve, at_once: bool) -> None:
    with _slid(terminal, serve) as (screen, painted):
        screen.type_before_answers("d", at_once=at_once)
        _reviewed(screen, painted)
        assert LATER not in screen.text
        screen.send("\x1b")
        screen.until_text("dearest first")
        screen.until_quiet()
        screen.press("g")
        screen.until_quiet()
        screen.send("d")
        _reviewed(screen, LATER)


def test_a_key_behind_the_answer_means_the_row_that_was_drawn_last(terminal: Open, serve: Serve) -> None:
    with _slid(terminal, serve) as (screen, painted):
        screen.type_before_answers("", at_once=True)
        screen.until_quiet()
        screen.send("d")
        _reviewed(screen, LATER)
        assert painted not in screen.text


def test_a_click_says_which_row_is_meant_whatever_was_drawn_before(terminal: Open, serve: Serve) -> None:
    with _slid(terminal, serve) as (screen, painted):
        line = next(y for y, row in enumerate(screen.text.splitlines()) if LATER in row) + 3
        name = _name(screen.text.splitlines()[line])
        click = f"\x1b[<0;9;{line + 1}M\x1b[<0;9;{line + 1}m"
        screen.type_before_answers(f"{click}d", at_once=True)
        _reviewed(screen, name)
        assert painted not in screen.text
