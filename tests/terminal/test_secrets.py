"""A planted token is looked for everywhere it could have gone."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from snaptui.demo.api import ALL_SCOPES
from tests.support.server import ScriptedServer

from .conftest import Open

Serve = Callable[..., ScriptedServer]
PLANTED = "dop_v1_" + "5ec4e7a1" * 8
COMMAND = str(Path(sys.executable).with_name("snaptui"))
# The middle of it counts too: a mask may show its ends.
NEEDLES = (PLANTED.encode(), PLANTED[12:40].encode())


def clean(data: bytes) -> bool:
    return not any(needle in data for needle in NEEDLES)


def test_the_planted_token_has_the_length_of_a_real_one() -> None:
    assert len(PLANTED) == 71


def test_the_token_is_in_no_file_picture_argument_or_output(
    terminal: Open, serve: Serve, isolated_home: Path, tmp_path: Path
) -> None:
    server = serve(scopes={PLANTED: ALL_SCOPES})
    folder = isolated_home / ".config" / "snaptui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("grace_seconds = 0")
    screen = terminal("--api-url", server.url, DIGITALOCEAN_TOKEN=PLANTED)
    screen.until_text("team Acme")
    for arguments in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it ended meanwhile
            assert clean(arguments.read_bytes())
    screen.press("d")
    screen.until_text("type 1 and press Enter")
    while "Enter: 1" not in screen.text:
        screen.press("1")
        for _ in range(10):
            screen.read()
    screen.press("\r")
    screen.until_text("deletion ended: 1 of 1")
    screen.press("l")
    screen.until_text("✓ deleted")
    screen.press("\x1b")
    screen.until_text("page 1/")
    screen.press("q")
    assert screen.end() == 0
    assert clean(bytes(screen.written))
    files = [path for path in (*isolated_home.rglob("*"), *tmp_path.rglob("*")) if path.is_file()]
    assert any(path.suffix == ".jsonl" for path in files)
    for path in files:
        assert clean(path.read_bytes()), path


def test_the_token_is_in_no_output_of_any_command(serve: Serve) -> None:
    server = serve(scopes={PLANTED: ALL_SCOPES - {"image:delete"}})
    some = next(iter(server.account.snapshots))
    environment = {**os.environ, "DIGITALOCEAN_TOKEN": PLANTED, "PYTHONFAULTHANDLER": "1"}
    for command in (
        ["info"],
        ["list", "-o", "json"],
        ["list", "nonsense:x"],
        ["delete", some, "--confirm", "1"],
        ["history"],
        ["--token", PLANTED],
        [PLANTED],
        ["list", "--token-file", "/nonexistent"],
    ):
        options = [] if command[0] == "history" else ["--api-url", server.url]
        done = subprocess.run(
            [COMMAND, *command, *options], env=environment, capture_output=True, stdin=subprocess.DEVNULL, check=False
        )
        assert clean(done.stdout), command
        assert clean(done.stderr), command


def test_textuals_own_variables_write_down_nothing_and_press_no_key(
    terminal: Open, serve: Serve, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    screen = terminal(
        "--api-url",
        serve(scopes={PLANTED: ALL_SCOPES}).url,
        DIGITALOCEAN_TOKEN=PLANTED,
        TEXTUAL="debug,devtools",
        TEXTUAL_DEBUG="1",
        TEXTUAL_LOG=str(log),
        TEXTUAL_PRESS="q",
        TEXTUAL_SCREENSHOT="1",
        TEXTUAL_SCREENSHOT_LOCATION=str(tmp_path),
    )
    screen.until_text("team Acme")
    screen.press("/", "type:volume")
    screen.until_text("type:volume")
    screen.press("\r", "q")
    assert screen.end() == 0
    assert not log.exists()
    assert not list(tmp_path.rglob("*.svg"))


def test_keys_of_the_encryption_are_written_to_no_file(terminal: Open, serve: Serve, tmp_path: Path) -> None:
    keys, url = tmp_path / "keys", serve(scopes={PLANTED: ALL_SCOPES}).url
    variables = {"DIGITALOCEAN_TOKEN": PLANTED, "SSLKEYLOGFILE": str(keys), "PYTHONASYNCIODEBUG": "1"}
    # With a secure address the connection is prepared before it fails; a condition on sources needs the full client.
    for address, code in (("https://127.0.0.1:9", 5), (url, 0)):
        done = subprocess.run(
            [COMMAND, "list", "is:orphan", "--api-url", address],
            env={**os.environ, **variables},
            capture_output=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        assert done.returncode == code, done.stderr
    screen = terminal("--api-url", url, **variables)
    screen.until_text("team Acme")
    screen.press("q")
    assert screen.end() == 0
    assert not keys.exists()


def test_no_command_leaves_a_core_dump(tmp_path: Path) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
    with subprocess.Popen([COMMAND, "demo-server"], stdout=subprocess.PIPE, cwd=tmp_path) as server:
        assert server.stdout is not None
        assert server.stdout.readline().startswith(b"listening")
        server.send_signal(signal.SIGABRT)
        _, status = os.waitpid(server.pid, 0)
        server.returncode = -signal.SIGABRT
    assert os.WTERMSIG(status) == signal.SIGABRT
    assert not os.WCOREDUMP(status)
    assert list(tmp_path.iterdir()) == [tmp_path / "home"]


def test_a_crash_in_the_client_shows_no_token() -> None:
    script = f"""
import asyncio
from snaptui.digitalocean.client.client import Client
from snaptui.model.token import Token
async def crash():
    client = Client(Token({PLANTED!r}), base_url="http://127.0.0.1:9")
    try:
        await client.list_snapshots("not a page" / 2)
    finally:
        await client.aclose()
asyncio.run(crash())
"""
    done = subprocess.run([sys.executable, "-"], input=script.encode(), capture_output=True, check=False)
    assert b"TypeError" in done.stderr
    assert clean(done.stderr)


def test_a_crash_of_a_command_has_a_code_of_its_own_and_shows_no_token() -> None:
    script = (
        f"import sys; from snaptui.__main__ import crashed; sys.excepthook = crashed; raise ValueError({PLANTED!r})"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 70
    assert b"ValueError: dop_v1_" in done.stderr
    assert clean(done.stderr)
