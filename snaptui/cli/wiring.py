"""Wiring, the composition root: settings, credentials, the demo account and the client put together."""

import os
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct

from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.failures import UsageError, say
from snaptui.config import paths
from snaptui.config.credentials import Credentials, NoTokenError, find_credentials
from snaptui.config.settings import Settings, Sourced, default_mouse, default_theme, load
from snaptui.digitalocean.api.address import check_base_url
from snaptui.model.token import Token

if TYPE_CHECKING:  # imported by the commands that need them: each takes a while
    from snaptui.deletion.journal import Journal
    from snaptui.digitalocean.client.client import Client
    from snaptui.digitalocean.process.launcher import ClientProcess
    from snaptui.digitalocean.process.remote import RemoteClient


class Parts(Struct):
    """Parts that every command works with. `no_token` says where a token was looked for in vain."""

    settings: Settings
    credentials: Credentials | None
    no_token: str
    demo: bool
    stack: ExitStack
    journal_folder: Path | None
    """Where deletions are recorded; `None` for the state folder of this user."""

    process: "ClientProcess | None" = None
    """Started ahead for the first client."""

    @property
    def api_host(self) -> str:
        """The host and port that requests go to."""
        return urlsplit(self.settings.api_url.value).netloc

    @property
    def journal(self) -> "Journal":
        """The journal of this user's deletions."""
        return journal_in(self.journal_folder)

    def connect(self, token: Token) -> "RemoteClient":
        """Return a started client in a process of its own, closed when the program ends."""
        from snaptui.digitalocean.process.remote import RemoteClient

        process, self.process = self.process, None
        settings = self.settings
        client = RemoteClient(
            token, base_url=settings.api_url.value, read_only=settings.read_only.value, process=process
        )
        client.start()
        self.stack.callback(client.close)
        return client

    def need_token(self) -> Token:
        """Return the token found, and say what was passed over; raises `UsageError` without one."""
        if self.credentials is None:
            raise UsageError(self.no_token, ExitCode.NOT_PERMITTED)
        for note in self.credentials.notes:
            say(f"note: {note}")
        return self.credentials.token

    def client(self, token: Token) -> "Client":
        """Return a client in this process; close it with `aclose` in the loop that used it."""
        from snaptui.digitalocean.client.client import Client

        return Client(token, base_url=self.settings.api_url.value, read_only=self.settings.read_only.value)


def journal_in(folder: Path | None = None) -> "Journal":
    """Return the journal in a folder, that of this user by default."""
    from snaptui.deletion.journal import Journal

    if folder is not None:
        return Journal(folder)
    return Journal(paths.state_dir() / "deletions", within=paths.state_dir())


@contextmanager
def wired(options: Namespace, process: "ClientProcess | None" = None) -> Iterator[Parts]:
    """Read settings and credentials, start the demo account if asked for; everything is closed at the end."""
    with ExitStack() as stack:
        if process is not None:
            stack.callback(process.close)
        yield _demo(options, stack, process) if options.demo else _real(options, stack, process)


def _real(options: Namespace, stack: ExitStack, process: "ClientProcess | None") -> Parts:
    settings = load(
        paths.config_file(),
        os.environ,
        api_url=options.api_url,
        read_only=options.read_only,
        mouse=options.mouse,
        theme=options.theme,
    )
    check_base_url(settings.api_url.value)
    credentials, no_token = _credentials(options)
    return Parts(settings, credentials, no_token, False, stack, None, process)


def _credentials(options: Namespace) -> tuple[Credentials | None, str]:
    token_file = Path(options.token_file) if options.token_file is not None else None
    try:
        return find_credentials(os.environ, token_file=token_file, context=options.context), ""
    except NoTokenError as error:
        return None, str(error)


def _demo(options: Namespace, stack: ExitStack, process: "ClientProcess | None") -> Parts:
    """The demo account has its own token and address: nothing of the real configuration reaches it."""
    for name in ("api_url", "token_file", "context"):
        if getattr(options, name) is not None:
            raise UsageError(f"--demo has its own account: it does not go with --{name.replace('_', '-')}")
    from tempfile import TemporaryDirectory

    from snaptui.demo.api import DEMO_TOKEN
    from snaptui.demo.generator import generated_account
    from snaptui.demo.server import DemoServer

    server = stack.enter_context(DemoServer(generated_account(now=time.time())))
    settings = Settings(
        api_url=Sourced(server.url, "--demo"),
        read_only=Sourced(options.read_only, "--read-only" if options.read_only else "default"),
        mouse=default_mouse(os.environ, options.mouse),
        theme=default_theme(options.theme),
    )
    own = Path(stack.enter_context(TemporaryDirectory(prefix="snaptui-demo-")))
    return Parts(settings, Credentials(Token(DEMO_TOKEN), "--demo"), "", True, stack, own, process)
