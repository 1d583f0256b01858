import os
import resource
import signal
import stat
from collections.abc import Callable
from pathlib import Path, PosixPath
from shutil import rmtree

import pytest

from snaptui.deletion.batch_file import COPIED_BYTES, BatchFile, JournalError
from snaptui.deletion.items import Item, Outcome
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


def removed(path: Path) -> None:
    path.unlink()


def folder_removed(path: Path) -> None:
    rmtree(path.parent)


def folders_removed(path: Path) -> None:
    rmtree(path.parent.parent)


def moved_away(path: Path) -> None:
    path.rename(path.with_suffix(".old"))


def folder_moved_away(path: Path) -> None:
    path.parent.rename(path.parent.with_name("old"))


@pytest.mark.parametrize("how", [removed, folder_removed, folders_removed, moved_away, folder_moved_away])
def test_a_file_that_is_no_longer_in_its_place_is_put_back_whole_with_the_next_line(
    tmp_path: Path, how: Callable[[Path], None]
) -> None:
    journal = Journal(tmp_path / "state" / "deletions")
    batch = journal.begin(10.0, PLAN)
    batch.intend(11.0, "0")
    before = batch.path.read_bytes()
    how(batch.path)
    batch.intend(12.0, "1")
    assert batch.path.read_bytes() == before + b'{"record":"intent","at":12.0,"id":"1"}\n'
    assert stat.S_IMODE(batch.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(batch.path.parent.stat().st_mode) == 0o700
    assert [path for path in batch.path.parent.iterdir() if path.suffix != ".old"] == [batch.path]
    with pytest.raises(BlockingIOError):
        journal.lock(batch.path)
    batch.end(13.0)
    assert journal.history()[0].ended == 13.0
    assert read(batch.path).unknown_ids == ["0", "1"]


def test_a_large_file_is_put_back_to_its_last_byte(journal: Journal) -> None:
    batch = journal.begin(10.0, PLAN)
    while batch.path.stat().st_size <= 2 * COPIED_BYTES:
        batch.settle(11.0, Item(SNAPSHOTS[0], Outcome.FAILED, "r" * 300_000))
    before = batch.path.read_bytes()
    batch.path.unlink()
    batch.intend(12.0, "1")
    assert batch.path.read_bytes().startswith(before)
    assert read(batch.path).unknown_ids == ["1"]
    batch.close()


def test_where_another_file_stands_in_its_place_that_is_said_until_it_is_gone(journal: Journal) -> None:
    batch = journal.begin(10.0, PLAN)
    batch.intend(11.0, "0")
    before = batch.path.read_bytes()
    batch.path.unlink()
    batch.path.write_bytes(b"mine\n")
    for _ in range(2):
        with pytest.raises(JournalError, match=r"cannot be written \(another file stands where it was\)$"):
            batch.intend(12.0, "1")
    assert batch.path.read_bytes() == b"mine\n"
    assert list(batch.path.parent.iterdir()) == [batch.path], "nothing is left beside it"
    batch.path.unlink()
    batch.intend(12.0, "1")
    assert batch.path.read_bytes().startswith(before)
    batch.close()


def test_where_there_can_be_no_folder_that_is_said_until_there_can(journal: Journal) -> None:
    batch = journal.begin(10.0, PLAN)
    folder = batch.path.parent
    rmtree(folder)
    folder.write_bytes(b"no folder")
    for _ in range(2):
        with pytest.raises(JournalError, match=r"^the journal .* cannot be written \("):
            batch.intend(12.0, "1")
    folder.unlink()
    batch.intend(12.0, "1")
    assert read(batch.path).unknown_ids == ["1"]
    batch.close()


def test_a_disk_that_is_full_when_it_is_put_back_leaves_nothing_half(journal: Journal) -> None:
    batch = journal.begin(10.0, PLAN)
    size = batch.path.stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    batch.path.unlink()
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size - 5, before[1]))
        with pytest.raises(JournalError, match=r"cannot be written \(the disk is full\)$"):
            batch.intend(11.0, "0")
        assert list(batch.path.parent.iterdir()) == []
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    batch.intend(11.0, "0")
    assert read(batch.path).unknown_ids == ["0"]
    batch.close()


class Vanishing(PosixPath):
    """Path of a file that is in its place at the first look, and at no later one."""

    looks = 0

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        self.looks += 1
        if self.looks > 1:
            raise FileNotFoundError(self)
        return super().stat(follow_symlinks=follow_symlinks)


def test_a_line_of_a_file_that_is_removed_while_it_is_written_is_not_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "batch.jsonl"
    file = BatchFile(Vanishing(path), os.open(path, os.O_RDWR | os.O_CREAT))
    with pytest.raises(JournalError, match=r"cannot be written \(its file was removed\)$"):
        file.intend(11.0, "0")
    file.close()
    assert path.read_bytes() == b""
