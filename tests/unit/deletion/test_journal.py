import fcntl
import os
import resource
import signal
import stat
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier

import pytest
from msgspec.structs import replace

from snaptui.deletion.batch_file import BatchFile, JournalError
from snaptui.deletion.items import Item, Outcome
from snaptui.deletion.journal import LARGEST_FILE_BYTES, Journal, Unfinished
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


@pytest.mark.parametrize("later", [0.0, 0.5, 3_600.0])
def test_a_plan_that_another_snaptui_works_off_is_not_begun_a_second_time(journal: Journal, later: float) -> None:
    one = journal.begin(10.0, PLAN)
    with pytest.raises(JournalError) as caught:
        Journal(one.path.parent).begin(10.0 + later, PLAN)
    assert str(caught.value) == "another snaptui is working this plan off"
    one.close()
    assert journal.paths() == [one.path]


def test_of_two_that_begin_a_plan_at_the_same_moment_one_is_refused(tmp_path: Path) -> None:
    for number in range(30):
        journal, together = Journal(tmp_path / str(number)), Barrier(2)

        def begin(journal: Journal, together: Barrier) -> BatchFile | None:
            together.wait()
            with suppress(JournalError):
                return journal.begin(10.0, PLAN)
            return None

        with ThreadPoolExecutor(2) as pool:
            both = [pool.submit(begin, journal, together) for _ in range(2)]
        begun = [file for each in both if (file := each.result()) is not None]
        assert len(begun) == 1
        begun[0].close()


def test_a_plan_is_begun_again_within_the_second_in_which_it_ended_and_both_are_kept(journal: Journal) -> None:
    for _ in range(3):
        journal.begin(10.0, PLAN).end(10.5)
    assert [path.name for path in journal.paths()] == [
        "19700101T000010Z-plan1+2.jsonl",
        "19700101T000010Z-plan1+3.jsonl",
        "19700101T000010Z-plan1.jsonl",
    ]
    again = journal.begin(10.0, PLAN)
    with pytest.raises(JournalError, match="another snaptui is working this plan off"):
        journal.begin(20.0, PLAN)
    again.close()


def test_other_plans_and_what_is_no_file_of_ours_do_not_keep_a_plan_from_being_begun(journal: Journal) -> None:
    others = [journal.begin(10.0, replace(PLAN, id=other)) for other in ("plan", "plan11", "a-plan1", "plan1-rest")]
    folder = others[0].path.parent
    (folder / "20200101T000000Z-plan1.jsonl").mkdir()
    os.mkfifo(folder / "20210101T000000Z-plan1.jsonl")
    (folder / "20220101T000000Z-plan1.jsonl").symlink_to("nowhere")
    journal.begin(10.0, PLAN).close()
    for file in others:
        file.close()


@pytest.mark.parametrize("other", ["another plan", "no file"])
def test_a_plan_that_is_worked_off_is_found_among_whatever_else_there_is(journal: Journal, other: str) -> None:
    held = journal.begin(10.0, PLAN)
    for number in range(30):  # in whatever order the folder lists them
        if other == "no file":
            held.path.with_name(f"19700101T000020Z-{PLAN.id}+{number}.jsonl").mkdir()
        else:
            journal.begin(20.0, replace(PLAN, id=f"other{number}")).close()
    with pytest.raises(JournalError, match="another snaptui is working this plan off"):
        journal.begin(30.0, PLAN)
    held.close()


def test_a_folder_that_cannot_be_made_refuses_the_batch(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match="mend that before deleting anything"):
        Journal(tmp_path / "file" / "deletions").begin(10.0, PLAN)


@pytest.mark.parametrize("mode", [0o755, 0o777, 0o711])
def test_the_programs_own_folder_above_is_closed_to_others_and_no_other(tmp_path: Path, mode: int) -> None:
    state = tmp_path / "state" / "snaptui"
    (state / "deletions").mkdir(parents=True)
    for folder in (state.parent, state, state / "deletions"):
        folder.chmod(mode)
    Journal(state / "deletions", within=state).begin(10.0, PLAN).close()
    modes = [stat.S_IMODE(folder.stat().st_mode) for folder in (state.parent, state, state / "deletions")]
    assert modes == [mode, 0o700, 0o700]


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


# Bad files


def pipe(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()


def dangling(path: Path) -> None:
    path.symlink_to(path.parent / "nothing")


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def no_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\n\xff")


def nested(path: Path) -> None:
    path.write_bytes(b'{"record":"plan","at":1,"plan":' + b"[" * 200_000 + b"]" * 200_000 + b"}\n")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def of_the_future(path: Path) -> None:
    path.write_bytes(b'{"record":"plan","at":1,"version":2,"plan":{}}\n')


@pytest.mark.parametrize("bad", [pipe, folder, dangling, endless, no_text, nested, empty, of_the_future])
def test_a_bad_file_is_named_and_hides_no_other(journal: Journal, tmp_path: Path, bad: Callable[[Path], None]) -> None:
    journal.begin(10.0, PLAN).close()
    bad(tmp_path / "deletions" / "00000000T000000Z-bad.jsonl")
    found = journal.unfinished()
    assert [recorded.plan for recorded, _ in found.batches] == [PLAN]
    assert any("00000000T000000Z-bad.jsonl" in problem for problem in found.problems)
    history = journal.history()
    assert [one.plan for one in history] == [None, PLAN]
    found.batches[0][1].close()


@pytest.mark.parametrize("at", ["1e300", "253402300800", "-1"])
def test_a_moment_that_is_no_date_is_the_beginning_of_time(journal: Journal, at: str) -> None:
    journal.begin(10.0, PLAN).close()
    (path,) = journal.paths()
    path.write_bytes(path.read_bytes().replace(b'"at":10.0', f'"at":{at}'.encode(), 1))
    ((recorded, file),) = journal.unfinished().batches
    file.close()
    assert recorded.began == 0.0
    assert recorded.plan == PLAN


def test_a_number_that_is_none_damages_its_line_only(journal: Journal) -> None:
    batch = journal.begin(10.0, PLAN)
    batch.intend(11.0, "0")
    batch.close()
    (path,) = journal.paths()
    path.write_bytes(path.read_bytes() + b'{"record":"outcome","at":1e999,"id":"0","outcome":"deleted"}\n')
    recorded = read(path)
    assert recorded.unknown_ids == ["0"] or recorded.outcomes["0"].outcome is Outcome.DELETED
    assert recorded.plan == PLAN


def test_a_batch_that_ends_after_it_was_first_read_is_not_offered(journal: Journal) -> None:
    ending = journal.begin(10.0, PLAN)

    class Ending(Journal):
        """A journal in which another process ends its batch between the first reading and the lock."""

        def lock(self, path: Path) -> BatchFile:
            ending.end(20.0)
            return super().lock(path)

    assert not Ending(ending.path.parent).unfinished().batches


def test_an_intent_that_was_withdrawn_is_not_unknown(journal: Journal) -> None:
    batch = journal.begin(10.0, PLAN)
    for row_id in "01":
        batch.intend(11.0, row_id)
    batch.withdraw(12.0, "0")
    batch.close()
    ((recorded, reopened),) = journal.unfinished().batches
    reopened.close()
    assert recorded.unknown_ids == ["1"]
    assert recorded.intended == {"0", "1"}
    assert recorded.as_batch is not None
    assert [item.outcome for item in recorded.as_batch.items] == [None, Outcome.UNKNOWN, None]


def test_an_unknown_outcome_is_looked_at_again(journal: Journal) -> None:
    batch = journal.begin(10.0, PLAN)
    batch.intend(11.0, "0")
    batch.settle(12.0, Item(SNAPSHOTS[0], Outcome.UNKNOWN, "no answer"))
    batch.close()
    recorded = read(batch.path)
    assert recorded.unknown_ids == ["0"]
    assert recorded.as_batch is not None
    assert recorded.as_batch.items[0].reason == "no answer"


def test_a_plan_that_does_not_fit_leaves_no_file(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "deletions")
    (tmp_path / "deletions").mkdir(mode=0o700)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (5, limits[1]))
        with pytest.raises(JournalError, match=r"\(the disk is full\); mend that before deleting anything$"):
            journal.begin(10.0, PLAN)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert journal.paths() == []


# Words and names


def test_a_batch_is_named_by_its_moment_and_its_plan_and_the_oldest_comes_first(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "deletions")
    assert journal.paths() == []
    later = journal.begin(1_700_000_000.0, PLAN)
    later.close()
    earlier = journal.begin(10.0, PLAN)
    (tmp_path / "deletions" / "notes.txt").write_text("not a batch")
    assert [path.name for path in journal.paths()] == [
        "19700101T000010Z-plan1.jsonl",
        "20231114T221320Z-plan1.jsonl",
    ]
    assert [one.began for one in journal.history()] == [10.0, 1_700_000_000.0]
    earlier.close()


def test_a_file_without_a_plan_and_one_that_cannot_be_used_are_told_apart(journal: Journal, tmp_path: Path) -> None:
    journal.begin(10.0, PLAN).close()
    bare = tmp_path / "deletions" / "0-bare.jsonl"
    bare.write_bytes(b'{"record":"intent","at":11.0,"id":"0"}\n')
    gone = tmp_path / "deletions" / "1-gone.jsonl"
    gone.symlink_to(tmp_path / "nothing")
    found = journal.unfinished()
    found.batches[0][1].close()
    assert found.problems[0] == f"{bare} has no plan"
    assert found.problems[1].startswith("the journal has a file that cannot be used: ")
    assert len(found.problems) == 2
    assert [one.path for one in journal.history()[:2]] == [bare, gone]


def test_a_batch_that_cannot_be_opened_is_named_and_hides_no_other(journal: Journal) -> None:
    shut = journal.begin(5.0, PLAN)
    shut.close()
    journal.begin(10.0, PLAN).close()

    class Shut(Journal):
        """A journal in which one file may be read and not written."""

        def lock(self, path: Path) -> BatchFile:
            if path == shut.path:
                raise PermissionError(13, "Permission denied")
            return super().lock(path)

    found = Shut(shut.path.parent).unfinished()
    assert found.problems == (f"{shut.path} cannot be opened (Permission denied)",)
    assert len(found.batches) == 1
    found.batches[0][1].close()


def test_batches_that_ended_or_are_worked_on_hide_no_other(journal: Journal) -> None:
    journal.begin(1.0, PLAN).end(2.0)
    held = journal.begin(3.0, PLAN)
    journal.begin(5.0, replace(PLAN, id="plan2")).close()
    found = journal.unfinished()
    assert [recorded.began for recorded, _ in found.batches] == [5.0]
    assert found.problems == ()
    found.batches[0][1].close()
    held.close()


def test_a_batch_is_named_by_universal_time_wherever_it_is_begun(journal: Journal) -> None:
    with pytest.MonkeyPatch.context() as elsewhere:
        elsewhere.setenv("TZ", "JST-9")
        time.tzset()
        journal.begin(10.0, PLAN).close()
    time.tzset()
    assert journal.paths()[0].name == "19700101T000010Z-plan1.jsonl"


def test_of_batches_that_have_ended_only_the_last_line_is_read(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "deletions")
    ended, is_open = journal.begin(10.0, PLAN), journal.begin(11.0, replace(PLAN, id="plan2"))
    ended.end(15.0)
    is_open.intend(12.0, "0")
    is_open.close()
    # Larger than anything that would be read whole, and still of no size on disk.
    with ended.path.open("r+b") as file:
        end = file.read().rsplit(b"\n", 2)[1]
        file.seek(LARGEST_FILE_BYTES + 1)
        file.write(b"\n{}\n{}\n" + end + b"\n")
    found = journal.unfinished()
    assert [recorded.path for recorded, _ in found.batches] == [is_open.path]
    assert found.problems == ()
    found.batches[0][1].close()


@pytest.mark.parametrize("last", [b"", b"\n\n", b"\xff\n", b"[" * 5_000, b'{"record":"end"}\n'])
def test_an_end_that_is_not_the_last_line_closes_a_batch_too(journal: Journal, last: bytes) -> None:
    batch = journal.begin(10.0, PLAN)
    batch.end(15.0)
    with batch.path.open("ab") as file:
        file.write(last)
    assert journal.unfinished() == Unfinished((), ())
