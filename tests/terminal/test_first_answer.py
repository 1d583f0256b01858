"""Waiting for the first answer, which is asked for before the screen is up."""

from collections.abc import Callable

from snaptui.demo.api import DEMO_TOKEN
from tests.support.faults import Fault
from tests.support.server import ScriptedServer

from .conftest import Open

Serve = Callable[..., ScriptedServer]


def test_a_first_answer_that_has_to_be_waited_for_says_why_and_how_long(terminal: Open, serve: Serve) -> None:
    busy = Fault(path="/v2/.*", times=None, status=429, body=b"{}", headers={"retry-after": "60"})
    screen = terminal("--api-url", serve(busy).url, DIGITALOCEAN_TOKEN=DEMO_TOKEN)
    screen.until_text("rate limit: waiting")
