"""What a key means is what the terminal has drawn: rows that arrive behind it are not acted on."""

from collections.abc import Callable
from threading import Event

import pytest

from snaptui.demo.account import DemoAccount
from snaptui.demo.api import DEMO_TOKEN
from snaptui.demo.server import DemoServer

from ..conftest import NOW
from ..support.faults import Fault
from .conftest import Open, Terminal

Serve = Callable[..., DemoServer]
LATER = "came-late-and-dear"


class SlowTerminal(Terminal):
    """A terminal that can be kept from saying what it has drawn."""

    answers: list[str] | None = None

    def _answer(self, data: str) -> None:
        if self.answers is None:
            super()._answer(data)
        else:
            self.answers.append(data)

    def catch_up(self) -> None:
        """Say now what has been drawn meanwhile."""
        late, self.answers = self.answers or [], None
        for data in late:
            self._answer(data)


@pytest.mark.long
def test_a_key_means_the_row_that_was_drawn_under_the_cursor(terminal: Open, serve: Serve) -> None:
    account = DemoAccount.generate(now=NOW)
    last = str(list(account.snapshots.values())[-1]["id"])
    account.change(last, name=LATER, size_gigabytes=9_000.0, tags=[])
    # Sources would be drawn in frames of their own, and only two may be unanswered.
    hold, no_sources = Event(), Event()
    sources = Fault(path="/v2/(droplets|volumes).*", hold=no_sources, times=None)
    server = serve(Fault(path="/v2/snapshots", query={"page": "2"}, hold=hold), sources, account=account)
    screen = terminal("--api-url", server.url, kind=SlowTerminal, DIGITALOCEAN_TOKEN=DEMO_TOKEN)
    assert isinstance(screen, SlowTerminal)
    screen.until_text("dearest so far")
    screen.until_quiet()
    drawn = next(line for line in screen.text.splitlines() if "▸" in line).split()[0].lstrip("~▲○■▸")
    screen.answers = []
    hold.set()
    screen.until_text(LATER)
    screen.send("d")
    screen.catch_up()
    screen.until_text("Delete 1 snapshot")
    screen.until_quiet()
    assert drawn in screen.text
    assert LATER not in screen.text
    screen.send("\x1b")
    screen.until_text("dearest first")
    screen.until_quiet()
    screen.press("g")
    screen.until_quiet()
    screen.send("d")
    screen.until_text("Delete 1 snapshot")
    screen.until_quiet()
    assert LATER in screen.text
    no_sources.set()
