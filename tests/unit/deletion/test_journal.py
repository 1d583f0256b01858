import fcntl
import os
import resource
import signal
import stat
from pathlib import Path

import pytest

from snaptui.deletion.batch import Item, Outcome
from snaptui.deletion.journal import Journal, JournalError
from snaptui.deletion.journal import recorded as read
from snaptui.deletion.plan import Plan
from snaptui.model.account import Account
from snaptui.model.snapshot import Snapshot

ACCOUNT = Account("u", "ops@example.com", "active", "t", "Acme")
SNAPSHOTS = tuple(
    Snapshot(str(n), f"web-{n}", "2024-01-01T00:00:00Z", 1704067200.0, ("nyc1",), 25, 2.5, "7", "droplet", None)
    for n in range(3)
)
PLAN = Plan("plan1", 5.0, "https://api.example.com", ACCOUNT, "web", SNAPSHOTS, 1)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "deletions")


def test_what_was_written_is_read_back(journal: Journal) -> None:
    batch = journal.begin(10.0, PLAN)
    batch.intend(11.0, "0")
    batch.settle(12.0, Item(SNAPSHOTS[0], Outcome.DELETED))
    batch.intend(13.0, "1")
    batch.settle(14.0, Item(SNAPSHOTS[1], Outcome.FAILED, "in use", "req-1"))
    batch.end(15.0)
    (recorded,) = journal.history()
    assert recorded.plan == PLAN
    assert recorded.as_batch is not None
    assert [item.outcome for item in recorded.as_batch.items] == [Outcome.DELETED, Outcome.FAILED, None]
    assert recorded.as_batch.items[1].request_id == "req-1"
    assert recorded.ended == 15.0
    assert not recorded.problems


def test_only_the_user_can_read_it(journal: Journal, tmp_path: Path) -> None:
    journal.begin(10.0, PLAN).close()
    (path,) = journal.paths()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "deletions").stat().st_mode) == 0o700


def test_an_intent_without_an_outcome_is_unknown(journal: Journal) -> None:
    batch = journal.begin(10.0, PLAN)
    batch.intend(11.0, "1")
    batch.close()
    ((recorded, reopened),) = journal.unfinished().batches
    assert recorded.unknown_ids == ["1"]
    reopened.close()


def test_a_batch_that_somebody_works_on_is_not_offered(journal: Journal) -> None:
    batch = journal.begin(10.0, PLAN)
    assert not journal.unfinished().batches
    batch.close()
    ((_, reopened),) = journal.unfinished().batches
    assert not journal.unfinished().batches
    reopened.close()


def test_a_batch_that_ended_is_not_offered(journal: Journal) -> None:
    journal.begin(10.0, PLAN).end(11.0)
    assert not journal.unfinished().batches


@pytest.mark.parametrize("damage", [b'{"record":"intent","at":1', b"\x00\xff", b'{"record":"dance"}', b"[]"])
def test_a_damaged_line_is_reported_and_the_others_are_read(journal: Journal, damage: bytes) -> None:
    batch = journal.begin(10.0, PLAN)
    batch.intend(11.0, "0")
    batch.close()
    (path,) = journal.paths()
    path.write_bytes(path.read_bytes() + damage)
    ((recorded, reopened),) = journal.unfinished().batches
    assert recorded.unknown_ids == ["0"]
    assert "line 3 is damaged" in recorded.problems[0]
    reopened.settle(12.0, Item(SNAPSHOTS[0], Outcome.DELETED))
    reopened.end(13.0)
    assert read(path).outcomes["0"].outcome is Outcome.DELETED


def test_two_batches_at_the_same_moment_do_not_meet(journal: Journal) -> None:
    one = journal.begin(10.0, PLAN)
    with pytest.raises(JournalError):
        journal.begin(10.0, PLAN)
    one.close()


def test_a_folder_that_cannot_be_made_refuses_the_batch(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match="mend that before deleting anything"):
        Journal(tmp_path / "file" / "deletions").begin(10.0, PLAN)


def test_a_disk_that_is_full_is_an_error_at_once(journal: Journal) -> None:
    batch = journal.begin(10.0, PLAN)
    size = batch.path.stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 5, before[1]))
        with pytest.raises(JournalError):
            batch.intend(11.0, "0")
        with pytest.raises(JournalError):
            batch.intend(11.0, "1")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
        batch.close()


def test_a_lock_held_by_another_process_counts(journal: Journal) -> None:
    journal.begin(10.0, PLAN).close()
    (path,) = journal.paths()
    child = os.fork()
    if child == 0:
        descriptor = os.open(path, os.O_RDWR)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        signal.pause()
    while True:
        found = journal.unfinished().batches
        for _, batch in found:
            batch.close()
        if not found:
            break
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    ((_, batch),) = journal.unfinished().batches
    batch.close()
