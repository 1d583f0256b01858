"""Commands that print, at a real terminal."""

from collections.abc import Callable
from threading import Event

from snaptui.demo.api import DEMO_TOKEN
from tests.support.faults import Fault
from tests.support.server import ScriptedServer

from .conftest import Open

Serve = Callable[..., ScriptedServer]


def test_ctrl_c_ends_the_question_at_once_and_nothing_is_deleted(terminal: Open, serve: Serve) -> None:
    server = serve()
    screen = terminal(
        "delete", next(iter(server.account.snapshots)), "--api-url", server.url, DIGITALOCEAN_TOKEN=DEMO_TOKEN
    )
    screen.until_text("Type 1 to delete them:")
    screen.send("\x03")
    assert screen.end() == 130
    assert server.count("DELETE") == 0
    assert "Traceback" not in screen.text


def test_the_loading_shows_how_far_it_is_and_leaves_no_trace(terminal: Open, serve: Serve) -> None:
    hold = Event()
    server = serve(Fault(path="/v2/snapshots", query={"page": "2"}, hold=hold))
    screen = terminal("list", "name:=nothing", "--api-url", server.url, size=(200, 24), DIGITALOCEAN_TOKEN=DEMO_TOKEN)
    screen.until_text("loading: 200 of 240 snapshots")
    hold.set()
    assert screen.end() == 0
    assert "loading" not in screen.text
    assert b"\x1b" not in screen.written
