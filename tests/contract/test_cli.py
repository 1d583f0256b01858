"""The installed command without a terminal, on a real demo server: what it prints, where, and its exit code."""

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from io import StringIO
from pathlib import Path

import pytest

from snaptui import __version__
from snaptui.config.settings import Settings
from snaptui.demo.api import ALL_SCOPES, DEMO_TOKEN
from tests.support.faults import HTML_502, Fault
from tests.support.server import ScriptedServer

Serve = Callable[..., ScriptedServer]
COMMAND = str(Path(sys.executable).with_name("snaptui"))
LIST = "/v2/snapshots"


def run(*arguments: str, server: ScriptedServer | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    given: Mapping[str, str] = {**os.environ, **environment}
    if server is not None:
        arguments = (*arguments, "--api-url", server.url)
        given = {"DIGITALOCEAN_TOKEN": DEMO_TOKEN, **given}
    return subprocess.run(
        [COMMAND, *arguments],
        env=given,
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def test_the_version() -> None:
    assert run("--version").stdout.split() == ["snaptui", __version__]


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_and_version_import_nothing_heavy(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "snaptui", *arguments], capture_output=True, text=True, check=True
    )
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert not imported & {"textual", "rich", "httpx", "msgspec", "asyncio"}


@pytest.mark.parametrize(
    "arguments", [["info"], ["history"], ["list", "regoin:x"], ["list"], ["list", "--columns", "x"], ["delete"]]
)
def test_what_asks_nothing_of_the_api_needs_no_network_code(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "snaptui", *arguments], capture_output=True, text=True, check=False
    )
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if "import time:" in line}
    assert "snaptui.cli.main" in imported
    assert not imported & {"httpx", "h11", "http.client", "urllib.request", "snaptui.digitalocean.client.client"}


def test_the_screen_needs_neither_httpx_nor_what_a_later_screen_needs() -> None:
    script = "import sys, snaptui.cli.browse, snaptui.tui.app, snaptui.tui.session; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    imported = set(done.stdout.split())
    assert "textual.app" in imported
    assert not imported & {"httpx", "h11", "yaml", "tomllib", "humanize", "click", "pygments", "snaptui.demo"}
    assert "snaptui.tui.review.screen" not in imported
    assert not [name for name in imported if name.startswith(("snaptui.audit.", "snaptui.tui.audit", "snaptui.report"))]
    assert "jinja2" not in imported


def test_json_has_every_field_of_every_snapshot(serve: Serve) -> None:
    server = serve()
    done = run("list", "-o", "json", server=server)
    rows = json.loads(done.stdout)
    assert {row["id"]: row for row in rows} == server.account.snapshots
    assert done.returncode == 0
    assert done.stderr == ""


def test_json_lines_are_the_same_one_by_one(serve: Serve) -> None:
    server = serve()
    lines = run("list", "-o", "jsonl", "--sort", "id", server=server).stdout.splitlines()
    assert {json.loads(line)["id"] for line in lines} == set(server.account.snapshots)


def test_csv_is_read_back_and_runs_no_formula(serve: Serve) -> None:
    rows = list(csv.DictReader(StringIO(run("list", "-o", "csv", server=serve()).stdout)))
    assert len(rows) == 240
    assert "'=HYPERLINK(" in "".join(row["name"] for row in rows)
    assert not [row for row in rows if row["name"][:1] in "=+-@"]


@pytest.mark.parametrize("form", ["table", "csv", "markdown"])
def test_what_is_printed_for_people_is_inert(serve: Serve, form: str) -> None:
    done = run("list", "-o", form, server=serve())
    assert not {"\x1b", "\u202e", "\x9b", "\x07"} & set(done.stdout)
    assert "invoice-�gnp.exe" in done.stdout


def test_the_query_and_the_order_are_those_of_the_screen(serve: Serve) -> None:
    server = serve()
    done = run("list", "type:volume", "size>20GB", "--sort", "-size", "-o", "json", server=server)
    sizes = [row["size_gigabytes"] for row in json.loads(done.stdout)]
    wanted = [
        float(str(row["size_gigabytes"]))
        for row in server.account.snapshots.values()
        if row["resource_type"] == "volume" and float(str(row["size_gigabytes"])) > 20
    ]
    assert sizes == sorted(wanted, reverse=True)


def test_a_term_that_begins_with_a_dash_is_no_option(serve: Serve) -> None:
    rows = json.loads(run("list", "-type:volume", "-web", "-o", "json", server=serve()).stdout)
    assert rows
    assert {row["resource_type"] for row in rows} == {"droplet"}


def test_orphans_are_found_with_the_sources(serve: Serve) -> None:
    server = serve()
    rows = json.loads(run("list", "is:orphan", "-o", "json", server=server).stdout)
    alive = {
        str(row["id"]) for row in (*server.account.droplets, *server.account.gpu_droplets, *server.account.volumes)
    }
    wanted = {i for i, row in server.account.snapshots.items() if row["resource_id"] not in alive}
    assert {row["id"] for row in rows} == wanted


def test_a_wrong_query_points_at_the_mistake(serve: Serve) -> None:
    done = run("list", "web regoin:nyc3", server=serve())
    assert done.returncode == 2
    assert "    ^^^^^^" in done.stderr.splitlines()[1]
    assert "did you mean region?" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["list", "--sort", "colour"], "the keys are name"),
        (["list", "-o", "xml"], "invalid choice"),
        (["list", "--columns", "id,coast"], "no column 'coast'; did you mean cost?"),
        (["list", "--columns", "id,"], "no column ''"),
        (["list", "--columns", "zzzzzz"], "there are id, name, type"),
        (["list", "--limit", "-1"], "not a whole number"),
        (["list", "--limit", "9" * 5000], "not a whole number"),
        (["--token", "dop_v1_abc"], "there is no --token"),
        (["frobnicate"], "invalid choice"),
        (["--demo", "--api-url", "https://x"], "--demo has its own account"),
        (["--api-url", "http://example.com", "list"], "Use https"),
        (["demo-server", "--port", "x"], "not a port"),
        (["demo-server", "--port", "٣" * 3], "not a port"),
    ],
)
def test_what_is_typed_wrong_is_said_and_exits_with_2(arguments: list[str], said: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_token_every_place_looked_at_is_named() -> None:
    done = run("list")
    assert done.returncode == 3
    for place in ("DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN", "doctl"):
        assert place in done.stderr


@pytest.mark.parametrize(
    ("faults", "scopes", "code", "said"),
    [
        ((), {}, 3, "Unable to authenticate you"),
        ((), {DEMO_TOKEN: ALL_SCOPES - {"snapshot:read"}}, 3, "The token needs snapshot:read"),
        ((Fault(path=LIST, query={"page": "2"}, status=404, times=None),), None, 4, "page 2 of 2 missing"),
        ((Fault(path=LIST, status=422, body=HTML_502, times=None),), None, 5, "HTTP 422"),
    ],
)
def test_the_exit_code_says_what_happened(
    serve: Serve, faults: tuple[Fault, ...], scopes: dict[str, frozenset[str]] | None, code: int, said: str
) -> None:
    done = run("list", "-o", "jsonl", server=serve(*faults, scopes=scopes))
    assert done.returncode == code
    assert said in done.stderr
    assert len(done.stdout.splitlines()) == (200 if code == 4 else 0)


def test_nobody_listening_exits_with_5() -> None:
    done = run("list", "--api-url", "http://127.0.0.1:9", DIGITALOCEAN_TOKEN=DEMO_TOKEN)
    assert done.returncode == 5
    assert "no connection" in done.stderr


def test_without_a_terminal_the_list_is_printed_and_said_to_be(serve: Serve) -> None:
    done = run(server=serve())
    assert done.stdout.startswith("ID ")
    first, totals = done.stderr.splitlines()
    assert first == "snaptui: no terminal, so this is what `snaptui list` prints"
    assert totals.startswith("240 snapshots, ")
    assert len(done.stdout.splitlines()) == 241


def test_the_demo_needs_nothing_and_sees_no_real_token() -> None:
    done = run("list", "--demo", "-o", "jsonl", DIGITALOCEAN_TOKEN="dop_v1_real", DIGITALOCEAN_API_URL="https://real")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 240


def test_info_says_where_everything_comes_from(isolated_home: Path) -> None:
    folder = isolated_home / ".config" / "snaptui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(
        'read_only = true\nprotect = ["tag:gold"]\n[audit]\nnewest = 5\n[policies.nightly]\nlast = 3\n'
    )
    secret = "dop_v1_" + "5ec4e7" * 10 + "9f2c"
    done = run("info", "--api-url", "https://example.com", DIGITALOCEAN_ACCESS_TOKEN=secret)
    assert done.returncode == 0
    assert "dop_v1_…9f2c (DIGITALOCEAN_ACCESS_TOKEN)" in done.stdout
    assert "https://example.com (--api-url)" in done.stdout
    assert "tag:gold" in done.stdout
    assert "newest 5, old_days 365, stale_days 7, swollen 3" in done.stdout
    for field in Settings.__struct_fields__:
        assert f"\n{'API' if field == 'api_url' else field} " in done.stdout
    assert str(folder / "config.toml") in done.stdout
    assert secret not in done.stdout + done.stderr


def test_a_reader_that_leaves_early_is_no_error(serve: Serve) -> None:
    server = serve(snapshots=20_000)
    script = f"{COMMAND} list --api-url {server.url} | head -n 1"
    environment = {**os.environ, "DIGITALOCEAN_TOKEN": DEMO_TOKEN}
    done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("ID")
    assert done.stderr == ""


def test_ctrl_c_is_quiet_and_exits_with_130(serve: Serve) -> None:
    server = serve(Fault(path=LIST, delay_seconds=20))
    environment = {**os.environ, "DIGITALOCEAN_TOKEN": DEMO_TOKEN}
    command = [COMMAND, "list", "--api-url", server.url]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert server.faults.wait_taken(10)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in errors


def test_the_demo_server_says_first_where_it_listens() -> None:
    command = [COMMAND, "demo-server", "--snapshots", "30"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first.startswith("listening on http://127.0.0.1:")
        url = first.split()[-1]
        done = run("list", "-o", "jsonl", "--api-url", url, DIGITALOCEAN_TOKEN=DEMO_TOKEN)
        process.send_signal(signal.SIGINT)
    assert len(done.stdout.splitlines()) == 30
    assert process.returncode == 0


@pytest.mark.parametrize("typed", ["", "list\n", "mark 1\ndelete\n", "mark 1\ndelete\n2\n", "mark 1\nmark 2\nd"])
def test_a_conversation_ends_where_its_input_ends(serve: Serve, typed: str) -> None:
    server = serve()
    done = subprocess.run(
        [COMMAND, "--plain", "--api-url", server.url],
        env={**os.environ, "DIGITALOCEAN_TOKEN": DEMO_TOKEN},
        input=typed,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0
    assert "of 240 snapshots" in done.stdout
    assert server.count("DELETE") == 0


@pytest.mark.parametrize(
    ("arguments", "help_of"),
    [
        (["list", "--bogus"], "snaptui list"),
        (["audit", "--by", "colour"], "snaptui audit"),
        (["prune", "--keep-lots", "3"], "snaptui prune"),
        (["delete", "1", "--confirm", "x"], "snaptui delete"),
        (["--bogus"], "snaptui"),
        (["bogus"], "snaptui"),
    ],
)
def test_a_wrong_argument_names_the_help_that_tells_of_it(arguments: list[str], help_of: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    complaint, hint = done.stderr.splitlines()
    assert complaint.startswith(f"{help_of}: ")
    assert hint == f"Try: {help_of} --help"
