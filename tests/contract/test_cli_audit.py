"""`snaptui audit` and `snaptui prune` without a terminal, on a real demo server."""

import json
import os
import stat
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest

from snaptui.demo.api import ALL_SCOPES, DEMO_TOKEN
from tests.contract.test_cli import LIST, Serve, run
from tests.support.faults import Fault
from tests.support.server import ScriptedServer


def report(server: ScriptedServer, *arguments: str, code: int = 0) -> dict[str, object]:
    done = run("audit", "-o", "json", *arguments, server=server)
    assert done.returncode == code, done.stderr
    value = json.loads(done.stdout)
    assert isinstance(value, dict)
    return value


def test_the_report_reads_well_in_a_mail(serve: Serve) -> None:
    done = run("audit", server=serve())
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("DigitalOcean snapshots of team Acme Production, ")
    assert "240 snapshots" in lines[1]
    assert max(map(len, lines)) <= 80
    for heading in ("Where the money goes (by name family)", "What could go", "Not covered"):
        assert any(line.startswith(heading) for line in lines)


def test_the_sums_are_those_of_the_list_to_the_cent(serve: Serve) -> None:
    server = serve()
    listed = json.loads(run("list", "-o", "json", server=server).stdout)
    sizes = [row["size_gigabytes"] for row in listed]
    cents = sum(max(1, int(Decimal(str(size)) * 6 + Decimal("0.5"))) for size in sizes)
    found = report(server)
    assert found["totals"] == {
        "count": 240,
        "gigabytes": round(sum(sizes), 2),
        "monthly_cents": cents,
        "of_unknown_size": 0,
    }


@pytest.mark.parametrize("dimension", ["family", "source", "region", "type", "tag", "age", "month", "state"])
def test_groups_by_each_dimension_say_their_queries(serve: Serve, dimension: str) -> None:
    server = serve()
    groups = report(server, "--by", dimension)["groups"]
    assert isinstance(groups, dict)
    dearest = groups[dimension]["groups"][0]
    done = run("list", dearest["query"], "-o", "json", server=server)
    assert len(json.loads(done.stdout)) == dearest["count"]


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html"])
def test_names_from_outside_are_inert_in_every_form(serve: Serve, form: str) -> None:
    done = run("audit", "-o", form, "--by", "source", server=serve())
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
    if form == "html":
        assert "<b>nothing" not in done.stdout
        assert done.stdout.startswith("<!DOCTYPE html>")
        assert "<script" not in done.stdout
        assert "http" not in done.stdout.replace("http-equiv", "")


def test_without_droplets_nothing_is_an_orphan_nor_uncovered_and_both_are_said(serve: Serve) -> None:
    scopes = {DEMO_TOKEN: frozenset(ALL_SCOPES - {"droplet:read"})}
    done = run("audit", server=serve(scopes=scopes))
    assert "Which droplets have no snapshot cannot be told" in done.stdout
    assert "Could not be judged" in done.stdout
    assert "droplet:read" in " ".join(done.stdout.split())


@pytest.mark.parametrize("query", [{}, {"type": "gpus"}])
def test_a_failed_list_of_droplets_makes_no_orphan(serve: Serve, query: dict[str, str]) -> None:
    def orphans(server: ScriptedServer, code: int = 0) -> tuple[int, int]:
        found = report(server, "type:droplet", code=code)["findings"]
        assert isinstance(found, list)
        one = next(finding for finding in found if finding["check"] == "orphans")
        return one["count"] or 0, one["not_judged"]

    count, unjudged = orphans(serve())
    assert (count > 0, unjudged) == (True, 0)
    count, unjudged = orphans(serve(Fault(path="/v2/droplets", query=query, status=403, times=None)), code=4)
    assert (count, unjudged > 0) == (0, True)


def test_an_incomplete_list_is_said_and_exits_4(serve: Serve) -> None:
    done = run("audit", server=serve(Fault(path=LIST, query={"page": "2"}, status=404, times=None)))
    assert done.returncode == 4
    assert "page 2 of 2 missing" in " ".join(done.stdout.split())
    assert "incomplete" in done.stderr


def test_a_saved_listing_is_read_offline_and_says_the_same(serve: Serve, tmp_path: Path) -> None:
    server, kept = serve(), tmp_path / "listing.json"
    first = run("audit", "--save", str(kept), server=server)
    assert first.returncode == 0
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    requests = len(server.requests)
    again = run("audit", "--open", str(kept))
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout.split("\n\n")[0].partition(",")[2] == first.stdout.split("\n\n")[0].partition(",")[2]
    assert "source is gone" in again.stdout.lower()
    assert len(server.requests) == requests
    plan = run("prune", "--open", str(kept), "--keep-last", "1")
    assert plan.returncode == 0
    assert "removes" in plan.stdout


def test_what_changed_since_a_saved_listing_is_told_by_group(serve: Serve, tmp_path: Path) -> None:
    server, kept = serve(), tmp_path / "listing.json"
    run("audit", "--save", str(kept), server=server)
    doomed = next(iter(server.account.rows()))
    server.account.delete(str(doomed["id"]))
    server.account.add({**doomed, "id": "77", "name": "brand-new", "size_gigabytes": 50.0})
    changes = report(server, "--compare", str(kept))["compared_with"]
    assert isinstance(changes, dict)
    assert (changes["added"]["count"], changes["gone"]["count"]) == (1, 1)
    assert {"name": "brand-new", "added": 1, "gone": 0, "monthly_cents": 300} in changes["groups"]
    text = run("audit", "--compare", str(kept), server=server).stdout
    assert "Compared with" in text


def test_another_accounts_listing_is_refused(serve: Serve, tmp_path: Path) -> None:
    server, kept = serve(), tmp_path / "listing.json"
    run("audit", "--save", str(kept), server=server)
    server.account.account["uuid"] = "somebody-else"
    done = run("audit", "--compare", str(kept), server=server)
    assert done.returncode == 2
    assert "another account" in done.stderr


@pytest.mark.parametrize("reads_account", [("saved",), ("now",), ()], ids=["before", "now", "never"])
def test_whose_a_listing_is_that_cannot_be_told_is_not_said_to_be_anothers(
    serve: Serve, tmp_path: Path, reads_account: tuple[str, ...]
) -> None:
    nameless, named = {DEMO_TOKEN: ALL_SCOPES - {"account:read"}}, {DEMO_TOKEN: ALL_SCOPES}
    server, kept = serve(scopes=nameless), tmp_path / "listing.json"
    done = run("audit", "--save", str(kept), server=server)
    if "saved" in reads_account:
        value = json.loads(kept.read_text())
        value["account"] = {"uuid": "u", "email": "e", "status": "active"}
        kept.write_text(json.dumps(value))
    if "now" in reads_account:
        value = json.loads(kept.read_text())
        server = serve(scopes=named)
        value["api_url"] = server.url
        kept.write_text(json.dumps(value))
    done = run("audit", "--compare", str(kept), server=server)
    assert done.returncode == 2
    assert "another account" not in done.stderr
    assert "cannot be told whether the saved listing is of this account" in done.stderr
    assert "account:read" in done.stderr


def test_what_could_not_be_judged_of_the_earlier_listing_is_said(serve: Serve, tmp_path: Path) -> None:
    server, kept = serve(), tmp_path / "listing.json"
    run("audit", "--save", str(kept), server=server)
    value = json.loads(kept.read_text())
    for row in value["snapshots"]:
        row["tags"] = None
    kept.write_text(json.dumps(value))
    done = run("audit", "tag:keep", "--compare", str(kept), server=server)
    assert done.returncode == 4
    assert "of the earlier listing, 240 of 240 could not be judged: tags cannot be read" in done.stderr
    assert "of the earlier listing" in " ".join(done.stdout.split())
    assert run("audit", "--compare", str(kept), server=server).returncode == 0


def test_what_is_new_since_an_incomplete_listing_is_no_full_success(serve: Serve, tmp_path: Path) -> None:
    server, kept = serve(Fault(path=LIST, query={"page": "2"}, status=404, times=None)), tmp_path / "listing.json"
    run("audit", "--save", str(kept), server=server)
    server.faults.clear()
    done = run("audit", "--compare", str(kept), server=server)
    assert done.returncode == 4
    assert "of the earlier listing, incomplete: 200 of 240 snapshots" in done.stderr
    assert "may have been there" in " ".join(done.stdout.split())


@pytest.mark.parametrize("content", [b"", b"{}", b"[" * 100_000, b"\xff", b'{"plan": 1}'])
def test_what_is_no_saved_listing_is_said(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "odd"
    file.write_bytes(content)
    for option in ("--open", "--compare"):
        done = run("audit", option, str(file), "--demo")
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
    done = run("audit", "--open", str(file))
    assert "is not a listing that snaptui saved" in done.stderr


@pytest.mark.parametrize(
    ("where", "change", "said"),
    [
        ("coverage", {"finished": False}, "was not read to its end"),
        ("coverage", {"received": 1_000, "total": 1_000}, "has 240 snapshots where it counts 1,000"),
        ("coverage", {"received": 3}, "has 240 snapshots where it counts 3"),
        (None, {"saved": 1e300}, "saved"),
        (None, {"saved": -1e300}, "saved"),
    ],
)
def test_a_saved_listing_that_contradicts_itself_is_none(
    serve: Serve, tmp_path: Path, where: str | None, change: dict[str, object], said: str
) -> None:
    server, kept = serve(), tmp_path / "listing.json"
    run("audit", "--save", str(kept), server=server)
    value = json.loads(kept.read_text())
    (value if where is None else value[where]).update(change)
    kept.write_text(json.dumps(value))
    for command in (["list", "--open"], ["prune", "--keep-last", "1", "--open"], ["audit", "--compare"]):
        done = run(*command, str(kept), server=server if "--compare" in command else None)
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr


def test_a_saved_listing_that_was_cut_makes_nothing_new_nor_gone(serve: Serve, tmp_path: Path) -> None:
    server, kept = serve(), tmp_path / "listing.json"
    run("audit", "--save", str(kept), server=server)
    value = json.loads(kept.read_text())
    value["snapshots"] = value["snapshots"][:100]
    kept.write_text(json.dumps(value))
    done = run("audit", "--compare", str(kept), server=server)
    assert done.returncode == 2
    assert "has 100 snapshots where it counts 240" in done.stderr


def pruned(server: ScriptedServer, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run("prune", *arguments, server=server)


def test_prune_says_what_stays_and_why_and_deletes_nothing(serve: Serve) -> None:
    server = serve()
    done = pruned(server, "--keep-last", "2", "--keep-daily", "3", "-o", "json")
    assert done.returncode == 0
    value = json.loads(done.stdout)
    assert set(value) == {"keep", "remove"}
    assert set(value["keep"][0]) == {"id", "name", "created_at", "group", "reasons"}
    assert set(value["remove"][0]) == {"id", "name", "created_at", "group"}
    assert len(value["keep"]) + len(value["remove"]) == 240
    assert all(one["reasons"] for one in value["keep"])
    assert not [one for one in server.requests if one.method == "DELETE"]


def test_protected_ones_are_never_removed(serve: Serve) -> None:
    server = serve()
    value = json.loads(pruned(server, "--keep-last", "1", "--group-by", "none", "-o", "json").stdout)
    keep = {
        row["id"] for row in json.loads(run("list", "tag:keep or tag:protected", "-o", "json", server=server).stdout)
    }
    assert keep
    assert keep <= {one["id"] for one in value["keep"]}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "the policy is empty"),
        (["--keep-last", "0"], "the policy is empty"),
        (["--keep-daily", "many"], "--keep-daily takes a number, 0 or more, or unlimited, not 'many'"),
        (["--keep-last", "-1"], "--keep-last does not take restic's -1: say unlimited"),
        (["--keep-last", "-10"], "or unlimited, not '-10'"),
        (["--keep-within", "-1d"], "(years, months, days, hours), not '-1d'"),
        (["--keep-within", "3 weeks"], "--keep-within takes a span such as 1y2m3d4h"),
        (["--keep-last", "1", "--time-zone", "Mars/Olympus"], "--time-zone takes a name"),
        (["--keep-last", "1", "--time-zone", "../../etc/passwd"], "--time-zone takes a name"),
        (["--policy", "nightly"], "there is no policy"),
        (["--keep-last", "1", "type:volum"], "did you mean volume?"),
    ],
)
def test_what_is_no_policy_is_said_before_anything_is_asked(serve: Serve, arguments: list[str], said: str) -> None:
    done = pruned(serve(), *arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_policies_of_the_settings_are_used_by_name(serve: Serve, isolated_home: Path) -> None:
    settings = isolated_home / ".config/snaptui/config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[policies.nightly]\nlast = 1\nwithin = "7d"\ntags = ["a,b"]\n')
    done = pruned(serve(), "--policy", "nightly")
    assert done.stdout.startswith("keep last 1, within 7d, tag a,b, by source")
    assert "does not go with" in pruned(serve(), "--policy", "nightly", "--keep-last", "2").stderr


def test_a_tag_may_begin_with_a_dash_and_a_query_behind_an_option_is_still_one(serve: Serve) -> None:
    server = serve()
    for row in server.account.snapshots.values():
        row["tags"] = ["-last"]
    kept = json.loads(pruned(server, "--keep-tag", "-last", "-o", "json").stdout)
    assert (len(kept["remove"]), kept["keep"][0]["reasons"][0]) == (0, "has tags [-last]")
    assert json.loads(pruned(server, "--keep-last", "1", "-tag:=-last", "-o", "json").stdout) == {
        "keep": [],
        "remove": [],
    }


def test_the_plan_deletes_what_goes_and_says_what_each_group_keeps(serve: Serve, tmp_path: Path) -> None:
    server, plan = serve(), tmp_path / "plan.json"
    arguments = ("name:pg-data-nightly", "--keep-last", "20", "--save", str(plan))
    done = pruned(server, *arguments, "-o", "json")
    gone = {one["id"] for one in json.loads(done.stdout)["remove"]}
    assert (done.returncode, len(gone)) == (0, 5)
    assert stat.S_IMODE(plan.stat().st_mode) == 0o600
    saved = json.loads(plan.read_text())["plan"]
    assert {item["id"] for item in saved["items"]} == gone
    assert [(len(group["items"]), len(group["kept"])) for group in saved["keeps"]] == [(5, 20)]
    deleted = run("delete", "--plan", str(plan), "--confirm", "5", server=server)
    assert deleted.returncode == 0, deleted.stderr
    assert not gone & set(server.account.snapshots)


def test_the_plan_file_has_the_warnings_that_the_review_prints(serve: Serve, tmp_path: Path) -> None:
    server, plan = serve(), tmp_path / "plan.json"
    pruned(server, "--keep-last", "1", "--save", str(plan))
    file = json.loads(plan.read_text())
    names = {item["id"]: item["name"] for item in file["plan"]["items"]}
    written = {f"! {names[row_id]} ({row_id}): {text}" for row_id, texts in file["warnings"].items() for text in texts}
    printed = run("delete", "--plan", str(plan), server=server).stdout.splitlines()
    told = {line for line in printed if line.startswith("! ") and "): " in line and "will be skipped" not in line}
    assert written == told != set()


def test_a_plan_of_the_demo_account_is_carried_out_on_the_demo_account_only(serve: Serve, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    assert run("prune", "--demo", "name:pg-data-nightly", "--keep-last", "24", "--save", str(plan)).returncode == 0
    assert run("delete", "--demo", "--plan", str(plan), "--confirm", "1").returncode == 0
    elsewhere = run("delete", "--plan", str(plan), "--confirm", "1", server=serve())
    assert elsewhere.returncode == 2
    assert "the plan is for the demo account, not for http" in elsewhere.stderr


@pytest.mark.parametrize("command", [("audit",), ("prune", "--keep-last", "1")], ids=["audit", "prune"])
def test_a_file_that_exists_is_replaced_when_that_is_asked_for_and_else_nothing_is_asked(
    serve: Serve, tmp_path: Path, command: tuple[str, ...]
) -> None:
    server, kept = serve(), tmp_path / "kept.json"
    kept.write_text("mine")
    done = run(*command, "--save", str(kept), server=server)
    assert (done.returncode, done.stdout, kept.read_text()) == (7, "", "mine")
    assert f"{kept} exists; --replace replaces it" in done.stderr
    assert len(server.requests) == 0
    assert run(*command, "--save", str(kept), "--replace", server=server).returncode == 0
    assert set(json.loads(kept.read_text())) & {"snapshots", "plan"}
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.parametrize("command", [("audit",), ("prune", "--keep-last", "1")], ids=["audit", "prune"])
def test_what_is_no_file_is_never_replaced_and_replacing_goes_with_a_file(
    serve: Serve, tmp_path: Path, command: tuple[str, ...]
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    done = run(*command, "--save", str(pipe), "--replace", server=serve())
    assert (done.returncode, pipe.is_fifo()) == (7, True)
    assert "is no regular file" in done.stderr
    alone = run(*command, "--replace", server=serve())
    assert (alone.returncode, "--replace goes with --save" in alone.stderr) == (2, True)


def test_a_plan_of_another_day_is_not_taken_for_one_that_removes_nothing(serve: Serve, tmp_path: Path) -> None:
    server, plan = serve(), tmp_path / "plan.json"
    pruned(server, "--keep-last", "1", "--save", str(plan))
    before = plan.read_bytes()
    done = pruned(server, "--keep-last", "unlimited", "--save", str(plan), "--replace")
    assert (done.returncode, plan.read_bytes()) == (7, before)
    assert "nothing to remove" in done.stderr
    assert "is still what it was" in done.stderr


def test_from_an_incomplete_list_no_plan_is_written(serve: Serve, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    server = serve(Fault(path=LIST, query={"page": "2"}, status=404, times=None))
    done = pruned(server, "--keep-last", "1", "--save", str(plan))
    assert done.returncode == 4
    assert not plan.exists()
    assert "no plan was written" in done.stderr


def test_when_there_is_nothing_to_remove_no_plan_is_written(serve: Serve, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    done = pruned(serve(), "--keep-last", "unlimited", "--save", str(plan))
    assert (done.returncode, plan.exists()) == (0, False)
    assert "nothing to remove" in done.stderr


def test_groups_of_one_are_said_with_the_way_out(serve: Serve) -> None:
    assert "--group-by family" in pruned(serve(), "--keep-last", "3").stdout


@pytest.mark.parametrize("snapshots", [240, 40])
def test_when_all_that_a_policy_keeps_went_meanwhile_nothing_of_the_group_is_deleted(
    serve: Serve, tmp_path: Path, snapshots: int
) -> None:
    server, plan = serve(snapshots=snapshots), tmp_path / "plan.json"
    pruned(server, "name:pg-data-nightly", "--keep-last", "2", "--save", str(plan))
    (group,) = json.loads(plan.read_text())["plan"]["keeps"]
    for kept in group["kept"]:
        server.account.delete(kept)
    number = str(len(group["items"]))
    done = run("delete", "--plan", str(plan), "--confirm", number, server=server)
    assert done.returncode == 1
    assert done.stdout.count("changed, skipped") == len(group["items"])
    assert "none of the 2 that the policy keeps of" in done.stdout
    assert not [one for one in server.requests if one.method == "DELETE"]


def test_one_that_is_kept_is_enough_for_the_plan_to_go_on(serve: Serve, tmp_path: Path) -> None:
    server, plan = serve(), tmp_path / "plan.json"
    pruned(server, "name:pg-data-nightly", "--keep-last", "2", "--save", str(plan))
    (group,) = json.loads(plan.read_text())["plan"]["keeps"]
    server.account.delete(group["kept"][0])
    done = run("delete", "--plan", str(plan), "--confirm", str(len(group["items"])), server=server)
    assert done.returncode == 0, done.stdout
    assert not {*group["items"]} & set(server.account.snapshots)


def test_list_reads_a_saved_listing_before_or_after_its_name(serve: Serve, tmp_path: Path) -> None:
    server, kept = serve(), tmp_path / "listing.json"
    run("audit", "--save", str(kept), server=server)
    listed = run("list", "is:orphan", "-o", "json", server=server).stdout
    requests = len(server.requests)
    assert run("list", "is:orphan", "-o", "json", "--open", str(kept)).stdout == listed
    assert run("--open", str(kept), "list", "is:orphan", "-o", "json").stdout == listed
    assert len(server.requests) == requests


def test_an_incomplete_listing_stays_incomplete_when_it_is_saved(serve: Serve, tmp_path: Path) -> None:
    kept = tmp_path / "listing.json"
    run("audit", "--save", str(kept), server=serve(Fault(path=LIST, query={"page": "2"}, status=404, times=None)))
    for command in (["list"], ["audit"], ["prune", "--keep-last", "1"]):
        done = run(*command, "--open", str(kept))
        assert done.returncode == 4
        assert "page 2 of 2 missing" in done.stderr


@pytest.mark.parametrize("command", ["delete", "info", "history"])
def test_what_asks_the_api_does_not_go_with_a_saved_listing(command: str) -> None:
    done = run("--open", "x.json", command)
    assert (done.returncode, "--open reads a saved listing" in done.stderr) == (2, True)
