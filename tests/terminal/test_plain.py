"""snaptui without a screen: the list, and a conversation line by line, without an escape sequence in it."""

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from snaptui.deletion.journal import Journal
from snaptui.deletion.worker import WORKERS
from snaptui.demo.api import DEMO_TOKEN
from tests.contract.test_cli import run
from tests.support.faults import Fault
from tests.support.server import ScriptedServer

from .conftest import Open, Terminal

Serve = Callable[..., ScriptedServer]
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\r*\n)")
"""All but the ends of lines, before which the terminal itself puts a carriage return."""


def _opened(terminal: Open, server: ScriptedServer, **environment: str) -> Terminal:
    screen = terminal(
        "--plain", "--api-url", server.url, size=(200, 50), DIGITALOCEAN_TOKEN=DEMO_TOKEN, TERM="dumb", **environment
    )
    _until(screen, "of 240 snapshots")
    _until(screen, "> ")
    return screen


def _until(screen: Terminal, text: str) -> None:
    screen.until(lambda: text in screen.written.decode(errors="replace"))


def _say(screen: Terminal, line: str, answer: str) -> None:
    """Type a line and wait for what is said to it."""
    before = len(screen.written)
    screen.send(line + "\n")
    screen.until(lambda: answer in screen.written[before:].decode(errors="replace"))


def _settings(home: Path, text: str) -> None:
    folder = home / ".config" / "snaptui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(text)


@pytest.mark.parametrize("kind", ["dumb", ""])
def test_a_dumb_terminal_gets_the_list_and_no_escape(terminal: Open, serve: Serve, kind: str) -> None:
    screen = terminal("--api-url", serve().url, DIGITALOCEAN_TOKEN=DEMO_TOKEN, TERM=kind, size=(200, 50))
    assert screen.end() == 0
    assert b"this terminal is dumb (--plain works in it)" in screen.written
    assert b"pg-data-nightly-2026-08" in screen.written
    assert CONTROLS.search(bytes(screen.written)) is None


def test_list_mark_review_and_delete_line_by_line(terminal: Open, serve: Serve, isolated_home: Path) -> None:
    _settings(isolated_home, "grace_seconds = 0")
    server = serve()
    screen = _opened(terminal, server)
    _say(screen, "list type:volume", "next shows")
    _say(screen, "mark 1 3-4", "3 marked")
    _say(screen, "delete", "Type 3 to delete: ")
    screen.until_quiet(0.6)
    _say(screen, "4", "Nothing was deleted.")
    assert server.count("DELETE") == 0
    _say(screen, "delete", "Type 3 to delete: ")
    screen.until_quiet(0.6)
    screen.send("3\n")
    screen.until(lambda: len(server.deleted_ids) == 3)
    screen.until(lambda: screen.written.count(b"deleted, ") == 3)
    _until(screen, "3 snapshots, ended: 3 deleted")
    _say(screen, "status", "3 snapshots, ended: 3 deleted")
    screen.send("quit\n")
    assert screen.end() == 0
    assert CONTROLS.search(bytes(screen.written)) is None
    (recorded,) = Journal(isolated_home / ".local" / "state" / "snaptui" / "deletions").history()
    assert recorded.plan is not None
    assert {snapshot.id for snapshot in recorded.plan.items} == set(server.deleted_ids)


def test_what_was_typed_ahead_of_the_question_deletes_nothing(terminal: Open, serve: Serve) -> None:
    server = serve()
    screen = _opened(terminal, server)
    screen.send("list type:volume\nmark 1\ndelete\n1\n1\n")
    _until(screen, "Type 1 to delete: ")
    screen.until_quiet(0.6)
    _say(screen, "no", "Nothing was deleted.")
    assert server.count("DELETE") == 0


def test_a_batch_is_taken_back_line_by_line(terminal: Open, serve: Serve, isolated_home: Path) -> None:
    _settings(isolated_home, "grace_seconds = 60")
    server = serve()
    screen = _opened(terminal, server)
    _say(screen, "list type:volume", "next shows")
    _say(screen, "mark 2", "1 marked")
    _say(screen, "delete", "Type 1 to delete: ")
    screen.until_quiet(0.6)
    _say(screen, "1", "in 60 seconds; back takes all of it back")
    _say(screen, "mark 2", "is being deleted")
    _say(screen, "q", "quit once more leaves all the same")
    _say(screen, "back", "1 snapshot taken back; nothing was sent.")
    screen.send("q\n")
    screen.end()
    assert server.count("DELETE") == 0


def test_protected_snapshots_can_be_marked_neither_here_nor_there(terminal: Open, serve: Serve) -> None:
    screen = _opened(terminal, serve())
    _say(screen, "list tag:keep", "protected, ")
    _say(screen, "mark all", "protected by tag:keep")
    _say(screen, "delete", "nothing is marked")


def test_a_tag_that_is_nearly_a_protected_one_is_warned_of(terminal: Open, serve: Serve, isolated_home: Path) -> None:
    _settings(isolated_home, 'protect = ["tag:do-not-delete"]')
    server = serve()
    row_id = next(iter(server.account.snapshots))
    server.account.change(row_id, name="nearly", tags=["DoNotDelete"])
    screen = _opened(terminal, server)
    _say(screen, "list nearly", "end of the list")
    _say(screen, "mark 1", "1 marked")
    _say(screen, "delete", 'its tag "DoNotDelete" is nearly the protected "do-not-delete"')


def test_a_date_ahead_of_the_servers_clock_has_no_age(terminal: Open, serve: Serve) -> None:
    server = serve()
    row_id = next(iter(server.account.snapshots))
    server.account.change(row_id, name="ahead", created_at="2999-01-01T00:00:00Z")
    screen = _opened(terminal, server)
    _say(screen, "list ahead", "dated in the future")


def test_a_mistake_is_said_and_ends_nothing(terminal: Open, serve: Serve) -> None:
    screen = _opened(terminal, serve())
    _say(screen, "list age>", "column 5: age> needs a value after it")
    _say(screen, "mark 999", "999 is no number of the list")
    _say(screen, "fly", "fly is no command here; help tells them all")
    _say(screen, "back", "Nothing can be taken back")
    _say(screen, "help", "list [QUERY]")
    _say(screen, "show 1", "resource_id: ")
    screen.send("\x04")
    assert screen.end() == 0


def _confirmed(screen: Terminal, number: int) -> None:
    """Mark volumes and confirm their deletion."""
    _say(screen, "list type:volume -tag:keep -tag:protected", "next shows")
    _say(screen, f"mark 1-{number}", f"{number} marked")
    _say(screen, "delete", f"Type {number} to delete: ")
    screen.until_quiet(0.6)
    _say(screen, str(number), "back takes all of it back")


def test_a_batch_is_paused_continued_and_cancelled_by_words(terminal: Open, serve: Serve, isolated_home: Path) -> None:
    _settings(isolated_home, "grace_seconds = 60")
    server = serve()
    screen = _opened(terminal, server)
    _say(screen, "pause", "Nothing can be paused: nothing was confirmed yet.")
    _confirmed(screen, 2)
    _say(screen, "pause 2", "2 is no number of status")
    _say(screen, "pause", "2 snapshots, paused before it began: 2 not yet")
    _say(screen, "status", "1. 2 snapshots, paused before it began: 2 not yet")
    _say(screen, "continue 1", "2 snapshots, about to begin: 2 not yet")
    _say(screen, "cancel", "2 snapshots, ended: 2 cancelled")
    _say(screen, "continue", "Nothing is paused")
    screen.send("quit\n")
    assert screen.end() == 1
    assert server.count("DELETE") == 0
    assert CONTROLS.search(bytes(screen.written)) is None


def test_an_interrupt_sends_nothing_more_and_says_how_each_item_stands(
    terminal: Open, serve: Serve, isolated_home: Path
) -> None:
    _settings(isolated_home, "grace_seconds = 0")
    hold = Event()
    server = serve(Fault("DELETE", "/v2/snapshots/.+", times=None, hold=hold))
    screen = _opened(terminal, server)
    _say(screen, "list type:volume -tag:keep -tag:protected", "next shows")
    _say(screen, "mark 1-20", "20 marked")
    _say(screen, "delete", "Type 20 to delete: ")
    screen.until_quiet(0.6)
    screen.send("20\n")
    screen.until(lambda: server.faults.wait_taken(0.01, times=WORKERS))
    screen.send("\x03")
    assert screen.end() == 130
    assert f"interrupted: {WORKERS} unknown, {20 - WORKERS} not sent.".encode() in screen.written
    hold.set()
    (recorded,) = Journal(isolated_home / ".local" / "state" / "snaptui" / "deletions").history()
    assert len(recorded.unknown_ids) == WORKERS
    assert recorded.ended is None


def test_what_failed_is_tried_again_by_a_word(terminal: Open, serve: Serve, isolated_home: Path) -> None:
    _settings(isolated_home, "grace_seconds = 0")
    server = serve(Fault("DELETE", status=422, body=b'{"id": "unprocessable_entity", "message": "busy"}'))
    screen = _opened(terminal, server)
    _confirmed(screen, 1)
    _until(screen, "1 snapshot, ended: 1 failed")
    _say(screen, "retry", "1 snapshot, ended: 1 deleted")
    assert server.count("DELETE") == 2


def _killed(screen: Terminal) -> None:
    os.kill(screen.process.pid, signal.SIGKILL)
    screen.until(lambda: not screen.process.isalive())


def test_what_an_earlier_run_left_unknown_is_settled_at_the_start(
    terminal: Open, serve: Serve, isolated_home: Path
) -> None:
    _settings(isolated_home, "grace_seconds = 0")
    hold = Event()
    server = serve(Fault("DELETE", hold=hold))
    screen = _opened(terminal, server)
    _confirmed(screen, 1)
    screen.until(lambda: server.faults.wait_taken(0.01))
    _killed(screen)
    hold.set()
    screen = terminal("--plain", "--api-url", server.url, size=(200, 50), DIGITALOCEAN_TOKEN=DEMO_TOKEN, TERM="dumb")
    _until(screen, "an earlier deletion was interrupted and is settled now: 1 deleted")
    _until(screen, "of 239 snapshots")
    _say(screen, "resume", "Nothing of an earlier deletion is left.")
    assert server.count("DELETE") == 1


def test_what_an_earlier_run_left_goes_on_after_a_review(terminal: Open, serve: Serve, isolated_home: Path) -> None:
    _settings(isolated_home, "grace_seconds = 3")
    server = serve()
    screen = _opened(terminal, server)
    _confirmed(screen, 3)
    _killed(screen)
    screen = _opened(terminal, server)
    assert b"3 snapshots not deleted: resume reviews them again" in screen.written
    _say(screen, "forget", "Type forget to leave them undeleted: ")
    screen.until_quiet(0.6)
    _say(screen, "no", "Nothing was forgotten.")
    _say(screen, "resume", "Type 3 to delete: ")
    screen.until_quiet(0.6)
    screen.send("3\n")
    screen.until(lambda: len(server.deleted_ids) == 3)
    _until(screen, "3 snapshots, ended: 3 deleted")
    _say(screen, "resume", "Nothing of an earlier deletion is left.")
    screen.send("quit\n")
    assert screen.end() == 0


def test_what_an_earlier_run_left_can_be_forgotten(terminal: Open, serve: Serve, isolated_home: Path) -> None:
    _settings(isolated_home, "grace_seconds = 60")
    server = serve()
    screen = _opened(terminal, server)
    _confirmed(screen, 2)
    os.kill(screen.process.pid, signal.SIGKILL)
    screen.until(lambda: not screen.process.isalive())
    screen = _opened(terminal, server)
    _say(screen, "forget", "Type forget to leave them undeleted: ")
    screen.until_quiet(0.6)
    _say(screen, "forget", "nothing of it will be offered again")
    screen.send("quit\n")
    assert screen.end() == 0
    screen = _opened(terminal, server)
    assert b"was interrupted" not in screen.written
    assert server.count("DELETE") == 0


def test_a_saved_listing_is_looked_at_line_by_line_and_nothing_is_sent(
    terminal: Open, serve: Serve, tmp_path: Path
) -> None:
    server, kept = serve(), tmp_path / "listing.json"
    assert run("audit", "--save", str(kept), server=server).returncode == 0
    asked = len(server.requests)
    screen = terminal("--plain", "--open", str(kept), size=(200, 50), TERM="dumb")
    _until(screen, "of 240 snapshots")
    _say(screen, "list is:orphan", "of 240 snapshots")
    _say(screen, "mark 1", "marked")
    _say(screen, "delete", "This is a saved listing")
    _say(screen, "resume", "resume is no command here")
    screen.send("quit\n")
    assert screen.end() == 0
    assert len(server.requests) == asked
    assert CONTROLS.search(bytes(screen.written)) is None


def test_back_means_the_batch_that_was_confirmed_last_and_no_older_one_in_its_place(
    terminal: Open, serve: Serve, isolated_home: Path
) -> None:
    _settings(isolated_home, "grace_seconds = 5")
    server = serve()
    screen = _opened(terminal, server)
    _confirmed(screen, 2)
    _say(screen, "pause", "2 snapshots, paused before it began: 2 not yet")
    _say(screen, "unmark all", "0 marked")
    _say(screen, "mark 3", "1 marked")
    _say(screen, "delete", "Type 1 to delete: ")
    screen.until_quiet(0.6)
    _say(screen, "1", "back takes all of it back")
    _until(screen, "1 snapshot, ended: 1 deleted")
    _say(screen, "back", "Nothing can be taken back: it has ended.")
    _say(screen, "status", "1. 2 snapshots, paused before it began: 2 not yet")
    _say(screen, "back 1", "2 snapshots taken back; nothing was sent.")
    screen.send("quit\n")
    assert screen.end() == 1
    assert server.count("DELETE") == 1
