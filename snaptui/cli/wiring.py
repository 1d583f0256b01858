"""Puts the parts together: settings, credentials, the demo account, the client."""

import os
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from snaptui.cli.exit_codes import ExitCode
from snaptui.config import paths
from snaptui.config.credentials import Credentials, CredentialsError, NoTokenError, find_credentials
from snaptui.config.settings import ConfigError, Settings, Sourced, default_mouse, load
from snaptui.deletion.journal import Journal
from snaptui.digitalocean.api.address import check_base_url
from snaptui.digitalocean.api.errors import ConnectionFailedError, RefusedRequestError
from snaptui.digitalocean.process.launcher import ClientProcess
from snaptui.digitalocean.process.remote import RemoteClient
from snaptui.model.token import Token
from snaptui.text.safe import visible


class UsageError(Exception):
    """Something typed or configured that cannot be used; the text is for the user."""

    def __init__(self, message: str, exit_code: ExitCode = ExitCode.USAGE) -> None:
        super().__init__(visible(message))
        self.exit_code = exit_code


class Parts(Struct):
    """What every command works with. `no_token` says where a token was looked for in vain."""

    settings: Settings
    credentials: Credentials | None
    no_token: str
    demo: bool
    stack: ExitStack
    journal: Journal
    process: ClientProcess | None = None
    """Started ahead for the first client."""

    @property
    def api_host(self) -> str:
        """The host and port that requests go to."""
        return urlsplit(self.settings.api_url.value).netloc

    def connect(self, token: Token) -> RemoteClient:
        """Return a started client, closed when the program ends."""
        process, self.process = self.process, None
        settings = self.settings
        client = RemoteClient(
            token, base_url=settings.api_url.value, read_only=settings.read_only.value, process=process
        )
        try:
            client.start()
        except ConnectionFailedError as error:
            raise UsageError(str(error), ExitCode.API_FAILED) from None
        self.stack.callback(client.close)
        return client

    def need_client(self) -> RemoteClient:
        """Return a started client for the token found, and say what was passed over; without one, raise."""
        if self.credentials is None:
            raise UsageError(self.no_token, ExitCode.NOT_PERMITTED)
        for note in self.credentials.notes:
            print(f"snaptui: note: {visible(note)}", file=sys.stderr)
        return self.connect(self.credentials.token)


def journal() -> Journal:
    """Return the journal of this user's deletions."""
    return Journal(paths.state_dir() / "deletions")


@contextmanager
def wired(options: Namespace, process: ClientProcess | None = None) -> Iterator[Parts]:
    """Read settings and credentials, start the demo account if asked for; everything is closed at the end."""
    with ExitStack() as stack:
        if process is not None:
            stack.callback(process.close)
        try:
            if options.demo:
                yield _demo(options, stack, process)
                return
            settings = load(
                paths.config_file(),
                os.environ,
                api_url=options.api_url,
                read_only=options.read_only,
                mouse=options.mouse,
            )
            check_base_url(settings.api_url.value)
            credentials, no_token = _credentials(options)
        except (ConfigError, RefusedRequestError) as error:
            raise UsageError(str(error)) from None
        except CredentialsError as error:
            raise UsageError(str(error), ExitCode.NOT_PERMITTED) from None
        yield Parts(settings, credentials, no_token, False, stack, journal(), process)


def _credentials(options: Namespace) -> tuple[Credentials | None, str]:
    token_file = Path(options.token_file) if options.token_file is not None else None
    try:
        return find_credentials(os.environ, token_file=token_file, context=options.context), ""
    except NoTokenError as error:
        return None, str(error)


def _demo(options: Namespace, stack: ExitStack, process: ClientProcess | None) -> Parts:
    """The demo account has its own token and address: nothing of the real configuration reaches it."""
    for name in ("api_url", "token_file", "context"):
        if getattr(options, name) is not None:
            raise UsageError(f"--demo has its own account: it does not go with --{name.replace('_', '-')}")
    from tempfile import TemporaryDirectory

    from snaptui.demo.account import DemoAccount
    from snaptui.demo.api import DEMO_TOKEN
    from snaptui.demo.server import DemoServer

    server = stack.enter_context(DemoServer(DemoAccount.generate(now=time.time())))
    settings = Settings(
        api_url=Sourced(server.url, "--demo"),
        read_only=Sourced(options.read_only, "--read-only" if options.read_only else "default"),
        mouse=default_mouse(os.environ, options.mouse),
    )
    own = Journal(Path(stack.enter_context(TemporaryDirectory(prefix="snaptui-demo-"))))
    return Parts(settings, Credentials(Token(DEMO_TOKEN), "--demo"), "", True, stack, own, process)
