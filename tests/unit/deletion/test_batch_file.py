import resource
import signal
from pathlib import Path

import pytest

from snaptui.deletion.batch import Item, Outcome
from snaptui.deletion.batch_file import JournalError
from snaptui.deletion.journal import Journal
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


def test_an_item_without_outcome_is_not_written(journal: Journal) -> None:
    batch = journal.begin(10.0, PLAN)
    batch.settle(12.0, Item(SNAPSHOTS[0]))
    batch.close()
    assert len(batch.path.read_bytes().splitlines()) == 1


def test_a_line_that_does_not_fit_leaves_nothing_of_itself(journal: Journal) -> None:
    batch = journal.begin(10.0, PLAN)
    before = batch.path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 5, limits[1]))
        with pytest.raises(JournalError, match="cannot be written"):
            batch.intend(11.0, "0")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert batch.path.read_bytes() == before
    batch.intend(12.0, "1")
    batch.close()
    assert read(batch.path).unknown_ids == ["1"]


def test_a_file_that_is_closed_is_not_written_and_closing_again_is_nothing(journal: Journal) -> None:
    batch = journal.begin(10.0, PLAN)
    batch.close()
    batch.close()
    with pytest.raises(JournalError):
        batch.intend(11.0, "0")


def test_what_cannot_be_written_is_said_with_its_place_and_why(journal: Journal) -> None:
    batch = journal.begin(10.0, PLAN)
    batch.close()
    with pytest.raises(JournalError) as caught:
        batch.intend(11.0, "0")
    assert str(caught.value) == f"the journal {batch.path} cannot be written (Bad file descriptor)"
    folder = batch.path.parent / "file" / "deletions"
    folder.parent.write_text("")
    with pytest.raises(JournalError) as caught:
        Journal(folder).begin(10.0, PLAN)
    why = "(File exists); mend that before deleting anything"
    assert str(caught.value) == f"the journal {folder} cannot be written {why}"


def test_a_line_that_was_cut_off_by_the_disk_says_that_it_is_full(journal: Journal) -> None:
    batch = journal.begin(10.0, PLAN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (batch.path.stat().st_size + 5, limits[1]))
        with pytest.raises(JournalError, match=r"\(the disk is full\)"):
            batch.intend(11.0, "0")
        resource.setrlimit(resource.RLIMIT_FSIZE, (batch.path.stat().st_size, limits[1]))
        with pytest.raises(JournalError, match=r"\(File too large\)"):
            batch.intend(11.0, "0")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    batch.close()


def test_every_line_is_written_behind_the_others_and_only_once(journal: Journal) -> None:
    batch = journal.begin(10.0, PLAN)
    batch.intend(11.0, "0")
    batch.withdraw(12.0, "0")
    batch.settle(13.0, Item(SNAPSHOTS[0], Outcome.FAILED, "why", "req"))
    batch.end(14.0)
    lines = batch.path.read_bytes().split(b"\n")
    assert lines[1:] == [
        b'{"record":"intent","at":11.0,"id":"0"}',
        b'{"record":"withdrawn","at":12.0,"id":"0"}',
        b'{"record":"outcome","at":13.0,"id":"0","outcome":"failed","reason":"why","request_id":"req"}',
        b'{"record":"end","at":14.0}',
        b"",
    ]
    with pytest.raises(JournalError):
        batch.intend(15.0, "1")


def test_a_line_after_one_that_was_cut_off_begins_a_line_of_its_own(journal: Journal) -> None:
    journal.begin(10.0, PLAN).close()
    (path,) = journal.paths()
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"rec')
    batch = journal.lock(path)
    batch.intend(11.0, "0")
    batch.intend(12.0, "1")
    batch.close()
    first, second = b'{"record":"intent","at":11.0,"id":"0"}\n', b'{"record":"intent","at":12.0,"id":"1"}\n'
    assert path.read_bytes() == whole + b'{"rec\n' + first + second


def test_a_file_is_locked_for_one_process_and_free_when_it_is_let_go(journal: Journal) -> None:
    batch = journal.begin(10.0, PLAN)
    with pytest.raises(BlockingIOError):
        journal.lock(batch.path)
    batch.close()
    journal.lock(batch.path).close()


def test_a_line_for_a_file_that_was_removed_is_not_on_disk(journal: Journal) -> None:
    batch = journal.begin(10.0, PLAN)
    batch.intend(11.0, "0")
    batch.path.unlink()
    with pytest.raises(JournalError, match=r"cannot be written \(its file was removed\)$"):
        batch.intend(12.0, "1")
    batch.close()
