"""Fixtures of every test above unit level: an isolated home and real demo servers."""

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings

from snaptui.demo.account import DemoAccount
from snaptui.demo.generator import generated_account
from snaptui.demo.rate_limit import Limits
from tests.support.faults import Fault
from tests.support.server import ScriptedServer

OURS = ("DIGITALOCEAN_", "SNAPTUI_", "TEXTUAL")
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
NOW = 1_790_000_000.0
Serve = Callable[..., ScriptedServer]


# Started in the background of a shell, this process ignores SIGINT, and so would every command that it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A slow or busy machine is no failure; examples are found again by their printed blob.
settings.register_profile("snaptui", deadline=None, print_blob=True)
settings.load_profile("snaptui")


@pytest.fixture(autouse=True)
def isolated_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for every test: no configuration, token or proxy of the machine is seen."""
    home = tmp_path / "home"
    home.mkdir()
    for name in tuple(os.environ):
        if name.startswith(OURS) or name.lower() in PROXIES or name == "NO_COLOR":
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(home)
    for name, folder in {
        "CONFIG": ".config",
        "STATE": ".local/state",
        "CACHE": ".cache",
        "DATA": ".local/share",
    }.items():
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / folder))
    return home


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start demo servers that end with the test: `serve(fault, …, snapshots=240, account=…)`."""
    with ExitStack() as stack:

        def start(
            *faults: Fault,
            snapshots: int = 240,
            account: DemoAccount | None = None,
            latency_seconds: float = 0.0,
            limits: Limits = Limits(),
            scopes: Mapping[str, frozenset[str]] | None = None,
        ) -> ScriptedServer:
            made = account or generated_account(now=NOW, snapshots=snapshots)
            server = ScriptedServer(made, *faults, latency_seconds=latency_seconds, limits=limits, scopes=scopes)
            return stack.enter_context(server)

        yield start
