"""`snaptui list` for people and for programs: what fits, what is added up, what is said beside the rows."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import ptyprocess
import pytest

from snaptui.demo.api import ALL_SCOPES, DEMO_TOKEN
from snaptui.text.cells import cell_width
from tests.support.faults import Fault
from tests.support.server import ScriptedServer

Serve = Callable[..., ScriptedServer]
COMMAND = str(Path(sys.executable).with_name("snaptui"))
LIST = "/v2/snapshots"
CSV_HEADING = "id,name,resource_type,size_gigabytes,monthly_usd,created_at,regions,min_disk_size,resource_id,tags"


def run(server: ScriptedServer, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, "list", *arguments, "--api-url", server.url],
        env={**os.environ, "DIGITALOCEAN_TOKEN": DEMO_TOKEN},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def on_a_terminal(server: ScriptedServer, columns: int, *arguments: str) -> list[str]:
    """The lines that a terminal of this width gets."""
    process = ptyprocess.PtyProcess.spawn(
        [COMMAND, "list", *arguments, "--api-url", server.url],
        env={**os.environ, "DIGITALOCEAN_TOKEN": DEMO_TOKEN},
        dimensions=(24, columns),
    )
    output = bytearray()
    try:
        while True:
            output += process.read(65_536)
    except EOFError:
        process.close()
    return [line.rpartition("\r")[2] for line in output.decode().split("\r\n")[:-1]]


@pytest.mark.parametrize("columns", [16, 30, 40, 60, 80, 100, 142, 200])
def test_no_line_is_wider_than_the_terminal(serve: Serve, columns: int) -> None:
    lines = on_a_terminal(serve(), columns)
    rows = lines[:241]
    assert rows[0].startswith("NAME")
    assert max(map(cell_width, rows)) <= columns
    assert lines[241].startswith("240 snapshots, ")
    assert len(lines) == 242


def test_a_wide_terminal_shows_whole_ids_and_a_narrow_one_says_what_it_leaves_out(serve: Serve) -> None:
    server = serve()
    wide = on_a_terminal(server, 200)
    assert all(any(line.endswith(row_id) for line in wide) for row_id in server.account.snapshots)
    assert "not shown" not in wide[-1]
    assert on_a_terminal(server, 80)[-1].endswith("not shown for want of room: regions, tags, id (--columns)")


def test_columns_that_were_asked_for_are_never_left_out(serve: Serve) -> None:
    lines = on_a_terminal(serve(), 80, "--columns", "id,name,tags")
    assert lines[0].split() == ["ID", "NAME", "TAGS"]
    assert max(map(cell_width, lines)) <= 80


def test_a_row_of_many_terabytes_pushes_nothing_out_of_line(serve: Serve) -> None:
    server = serve(snapshots=30)
    largest = next(iter(server.account.snapshots))
    server.account.change(largest, size_gigabytes=8_795.25)
    lines = on_a_terminal(server, 80)[:31]
    assert [line for line in lines if "8,795.25 GB" in line]
    assert max(map(cell_width, lines)) <= 80


def test_in_a_pipe_nothing_is_cut_and_totals_stand_on_stderr(serve: Serve) -> None:
    server = serve(snapshots=30)
    longest = next(iter(server.account.snapshots))
    server.account.change(longest, name="n" * 300, tags=[f"tag-{number}" for number in range(40)])
    done = run(server)
    line = next(line for line in done.stdout.splitlines() if "n" * 300 in line)
    assert line.startswith(longest)
    assert line.endswith("tag-39")
    assert "…" not in done.stdout
    assert len(done.stdout.splitlines()) == 31
    assert done.stderr.startswith("30 snapshots, ")


def test_totals_are_the_sum_of_what_the_rows_say(serve: Serve) -> None:
    server = serve()
    rows = json.loads(run(server, "type:volume", "-o", "json", "--columns", "size,cost").stdout)
    done = run(server, "type:volume", "--total", "-o", "json")
    totals = json.loads(done.stdout)
    assert totals["count"] == len(rows)
    assert totals["of"] == 240
    assert totals["monthly_usd"] == round(sum(row["monthly_usd"] or 0 for row in rows), 2)
    assert totals["size_gigabytes"] == pytest.approx(sum(row["size_gigabytes"] or 0 for row in rows), abs=0.01)
    words = run(server, "type:volume", "--total")
    assert words.stdout.startswith(f"{len(rows)} of 240 snapshots, ")
    assert words.stderr == ""
    assert run(server, "--total", "-o", "csv").stdout.startswith(
        "count,of,size_gigabytes,monthly_usd,unsized\n240,240,"
    )


def test_the_limit_cuts_the_rows_and_not_the_totals(serve: Serve) -> None:
    server = serve()
    everything = json.loads(run(server, "--sort", "-size", "-o", "json").stdout)
    assert json.loads(run(server, "--sort", "-size", "-o", "json", "--limit", "7").stdout) == everything[:7]
    done = run(server, "--limit", "7")
    assert len(done.stdout.splitlines()) == 8
    assert "240 snapshots, " in done.stderr
    assert "; shown: the first 7" in done.stderr


def test_columns_carry_cost_source_and_place_beside_unchanged_fields_of_the_api(serve: Serve) -> None:
    server = serve()
    names = "id,name,type,size,created,regions,tags,disk,source_id,cost,source,state,nth,of,family,age"
    rows = {row["id"]: row for row in json.loads(run(server, "-o", "json", "--columns", names).stdout)}
    account = server.account
    alive = {str(one["id"]): one["name"] for one in (*account.droplets, *account.gpu_droplets, *account.volumes)}
    for row_id, original in account.snapshots.items():
        row = rows[row_id]
        assert {name: row[name] for name in original} == original
        source = str(original["resource_id"])
        assert row["source_state"] == ("exists" if source in alive else "gone")
        assert row["source_name"] == alive.get(source)
        same = [one for one in rows.values() if one["resource_id"] == row["resource_id"]]
        assert row["source_count"] == len(same)
        assert row["source_nth"] == 1 + sum(one["created_at"] > row["created_at"] for one in same)
    assert {row["source_state"] for row in rows.values()} == {"exists", "gone"}


def test_a_source_that_cannot_be_read_is_unknown_and_never_gone(serve: Serve) -> None:
    server = serve(scopes={DEMO_TOKEN: ALL_SCOPES - {"droplet:read"}})
    rows = json.loads(run(server, "type:droplet", "-o", "json", "--columns", "state").stdout)
    assert {row["source_state"] for row in rows} == {"unknown"}


def test_csv_by_columns_has_these_columns_in_this_order(serve: Serve) -> None:
    rows = list(csv.reader(StringIO(run(serve(), "-o", "csv", "--columns", "cost,id,source_state").stdout)))
    assert rows[0] == ["monthly_usd", "id", "source_state"]
    assert len(rows) == 241


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "markdown"])
def test_an_empty_result_is_said_and_still_well_formed(serve: Serve, form: str) -> None:
    done = run(serve(), '"no such name"', "-o", form)
    assert done.stderr == 'snaptui: no snapshot of 240 matches "no such name"\n'
    assert done.returncode == 0
    assert (
        done.stdout
        == {
            "table": "",
            "json": "[]\n",
            "jsonl": "",
            "csv": f"{CSV_HEADING}\n",
            "markdown": "| ID | NAME | TYPE | SIZE | $/MO | AGE | REGIONS | TAGS |\n"
            "| --- | --- | --- | ---: | ---: | ---: | --- | --- |\n",
        }[form]
    )


def test_an_empty_account_is_said_to_be_empty(serve: Serve) -> None:
    assert run(serve(snapshots=0)).stderr == "snaptui: the account has no snapshots\n"


def test_damaged_rows_are_named_with_what_is_wrong(serve: Serve) -> None:
    server = serve(Fault(path=LIST, replace={b'"size_gigabytes":': b'"size_gigabytes": "large", "was":'}), snapshots=5)
    done = run(server, "-o", "json")
    assert len(json.loads(done.stdout)) == 5
    assert done.returncode == 0
    first, _, third, more = done.stderr.splitlines()
    assert "a damaged row: " in first
    assert "size_gigabytes: " in third
    assert "2 more rows are damaged" in more


def test_json_is_valid_for_every_character_and_safe_to_print(serve: Serve) -> None:
    server = serve(snapshots=3)
    name = 'a\x1b]0;x\x07"\\\u202e\u2028\x7f\x9b😀é'
    server.account.change(next(iter(server.account.snapshots)), name=name)
    for form in ("json", "jsonl"):
        done = run(server, "-o", form)
        rows = [json.loads(line) for line in done.stdout.splitlines()] if form == "jsonl" else json.loads(done.stdout)
        assert name in {row["name"] for row in rows}
        assert all(character == "\n" or " " <= character <= "~" for character in done.stdout)


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "markdown"])
def test_without_a_buffer_a_thousand_rows_are_a_few_writes(serve: Serve, form: str) -> None:
    server = serve(snapshots=900)
    trace = Path("writes")
    script = (
        "import os, sys; from snaptui.cli.main import main\n"
        "class Counting:\n"
        "    def __init__(self, stream): self.stream, self.writes = stream, 0\n"
        "    def write(self, text): self.writes += 1; return self.stream.write(text)\n"
        "    def __getattr__(self, name): return getattr(self.stream, name)\n"
        "sys.stdout = Counting(sys.stdout)\n"
        "code = main(sys.argv[1:])\n"
        f"open({str(trace)!r}, 'w').write(str(sys.stdout.writes)); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "list", "-o", form, "--api-url", server.url],
        env={**os.environ, "DIGITALOCEAN_TOKEN": DEMO_TOKEN, "PYTHONUNBUFFERED": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(done.stdout.splitlines()) >= 900
    assert int(trace.read_text()) <= 4


# Alarms


@pytest.mark.parametrize(
    ("query", "fault", "missing", "code"),
    [
        ("type:volume", None, set(), 6),
        ("type:volume", Fault(path=LIST, query={"page": "2"}, status=404, times=None), set(), 6),
        ('"no such name"', None, set(), 0),
        ('"no such name"', Fault(path=LIST, query={"page": "2"}, status=404, times=None), set(), 4),
        ("is:orphan type:droplet", None, {"droplet:read"}, 4),
        ("is:orphan name:nosuch", None, {"droplet:read"}, 0),
        ("tag:nosuch", None, {"tag:read"}, 4),
        ("age>300y", Fault(path=LIST, replace={b'"created_at":"2': b'"created_at":"x'}, times=None), set(), 4),
    ],
)
def test_an_alarm_is_silent_only_when_it_is_certain(
    serve: Serve, query: str, fault: Fault | None, missing: set[str], code: int
) -> None:
    faults = () if fault is None else (fault,)
    server = serve(*faults, scopes={DEMO_TOKEN: ALL_SCOPES - missing})
    done = run(server, query, "--fail-if-any", "-o", "csv")
    assert done.returncode == code, done.stderr
    assert done.stdout.startswith("id,")
