import asyncio
from pathlib import Path
from threading import Event

import pytest

from snaptui.deletion.batch_file import JournalError
from snaptui.deletion.guards import Guards
from snaptui.deletion.items import Item, Outcome
from snaptui.deletion.journal import Journal, Unfinished
from snaptui.deletion.plan import Plan
from snaptui.deletion.queue import DeletionQueue, RefusedPlanError, UnprovenAccountError
from snaptui.deletion.recovery import Interrupted, Ours, close, find, find_aside, settle
from snaptui.deletion.states import State
from snaptui.digitalocean.api.errors import RateLimitedError, ServerError
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.account import Account
from snaptui.model.snapshot import Snapshot
from snaptui.query import QueryContext, parse
from tests.support.deleting import OURS, URL, Pretended, Timeline, plan_of, snapshot

ROWS = tuple(snapshot(str(n)) for n in range(5))
OTHER = Account("other", "other@example.com", "active")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "deletions")


def interrupt(journal: Journal, plan: Plan | None = None) -> Plan:
    """Leave a batch behind: 0 deleted, 1 and 2 unknown, 3 withdrawn, 4 never begun."""
    plan = plan or plan_of(ROWS)
    file = journal.begin(10.0, plan)
    for row_id in "0123":
        file.intend(11.0, row_id)
    file.settle(12.0, Item(ROWS[0], Outcome.DELETED))
    file.withdraw(12.0, "3")
    file.close()
    return plan


async def settled(journal: Journal, api: Pretended) -> Interrupted:
    ((recorded, file),) = find(journal, URL, OURS).batches
    found = await settle(recorded, file, api, lambda: 20.0)
    assert found is not None
    return found


def test_a_batch_of_another_account_or_place_is_let_go_without_a_word(journal: Journal) -> None:
    interrupt(journal)
    for url, account in ((URL, OTHER), ("https://elsewhere", OURS)):
        ours = find(journal, url, account)
        assert ours.batches == ()
        assert ours.said == ()
    assert len(find(journal, URL, OURS).batches) == 1


@pytest.mark.parametrize(("planned", "now"), [(OURS, None), (None, OURS), (None, None)])
def test_a_batch_whose_account_cannot_be_proven_is_left_alone_and_that_is_said(
    journal: Journal, planned: Account | None, now: Account | None
) -> None:
    interrupt(journal, plan_of(ROWS, account=planned))
    ours = find(journal, URL, now)
    assert ours.batches == ()
    (said,) = ours.said
    assert "whether it is of this account cannot be told" in said
    ((_, file),) = journal.unfinished().batches  # and it was let go
    file.close()


def test_every_batch_of_this_account_is_found_among_others(journal: Journal) -> None:
    for number, account in enumerate((OURS, OTHER, OURS, OTHER, OURS)):
        interrupt(journal, plan_of(ROWS, f"p{number}", account))
    found = find(journal, URL, OURS)
    assert sorted(recorded.plan.id for recorded, _ in found.batches if recorded.plan) == ["p0", "p2", "p4"]
    for _, file in found.batches:
        file.close()


async def test_what_could_not_be_read_of_a_batch_is_said_when_it_is_settled(journal: Journal) -> None:
    interrupt(journal)
    (path,) = journal.paths()
    path.write_bytes(path.read_bytes() + b"no line\n")
    api = Pretended(Timeline(), ROWS, latency=0.0)
    api.always["look"] = ServerError("down", status=500)
    found = await settled(journal, api)
    assert found.problems == (f"{path}: line 8 is damaged and was passed over",)
    found.file.close()


async def test_what_is_unknown_is_looked_at_and_written_down(journal: Journal) -> None:
    interrupt(journal)
    time = Timeline()
    api = Pretended(time, ROWS[2:], latency=0.0)
    tasks: list[Interrupted] = []

    async def work() -> None:
        tasks.append(await settled(journal, api))

    await time.of(work())
    (found,) = tasks
    assert api.asked == ["get 1", "get 2"]
    assert (found.deleted, found.settled, found.unsettled) == (1, 2, 0)
    assert [item.outcome for item in found.items] == [Outcome.DELETED, Outcome.DELETED, None, None, None]
    assert found.items[1].reason == "found to be gone at the next start"
    assert found.rest is not None
    assert [row.id for row in found.rest.items] == ["2", "3", "4"]
    found.file.close()
    (recorded,) = journal.history()
    assert recorded.outcomes["1"].outcome is Outcome.DELETED
    assert recorded.unknown_ids == ["2"], "its DELETE may be on its way"
    assert recorded.outcomes["2"].reason == "still there at the next start, and an earlier DELETE may yet be acted on"


async def test_what_cannot_be_looked_at_stays_unknown_and_is_asked_again(journal: Journal) -> None:
    interrupt(journal)
    time = Timeline()
    api = Pretended(time, ROWS, latency=0.0)
    api.always["look 1"] = ServerError("down", status=500)
    api.always["look"] = ServerError("down", status=500)
    found = await settled(journal, api)
    assert (found.settled, found.unsettled) == (0, 2)
    assert "could not be looked at" in found.items[1].reason
    close(found, "forgotten", lambda: 30.0)
    ((recorded, file),) = journal.unfinished().batches
    file.close()
    assert recorded.unknown_ids == ["1", "2"]
    assert recorded.outcomes["4"].outcome is Outcome.CANCELLED


async def test_what_is_given_up_is_cancelled_on_disk_and_the_batch_ends(journal: Journal) -> None:
    interrupt(journal)
    time = Timeline()
    api = Pretended(time, (), latency=0.0)

    async def work() -> None:
        close(await settled(journal, api), "forgotten", lambda: 30.0)

    await time.of(work())
    (recorded,) = journal.history()
    assert recorded.ended == 30.0
    assert {row_id: line.reason for row_id, line in recorded.outcomes.items()}["4"] == "forgotten"
    assert not journal.unfinished().batches


async def test_going_on_keeps_to_the_same_file_until_everything_has_an_outcome(journal: Journal) -> None:
    interrupt(journal)
    time = Timeline()
    api = Pretended(time, ROWS[2:], latency=0.1)
    queue = DeletionQueue(
        api,
        journal,
        Guards(),
        clock=time.wall,
        boot=time.clock,
        sleep=time.sleep,
        context=lambda: QueryContext(time.wall()),
        few=0,
    )

    async def work() -> None:
        found = await settled(journal, api)
        assert queue.adopt(found).grace_left == 0.0
        assert len(journal.paths()) == 1
        assert not journal.unfinished().batches

    await time.of(work())
    assert queue.ids_in_unfinished == {"2", "3", "4"}
    await time.until(lambda: queue.batches[0].state is State.ENDED)
    assert sorted(api.sent_ids) == ["2", "3", "4"]
    assert "list" not in api.asked, "how long it would be is not known"
    (recorded,) = journal.history()
    assert recorded.ended is not None
    assert {line.outcome for line in recorded.outcomes.values()} == {Outcome.DELETED}
    assert len(recorded.outcomes) == 5


async def test_going_on_is_refused_read_only_or_without_a_confirmed_account_and_the_file_stays_open(
    journal: Journal,
) -> None:
    interrupt(journal)
    time = Timeline()
    api = Pretended(time, ROWS, latency=0.0)
    found: list[Interrupted] = []

    async def work() -> None:
        found.append(await settled(journal, api))

    await time.of(work())
    unproven = Interrupted(found[0].file, plan_of(ROWS, account=None), found[0].items, 1, 0, 0, ())
    for guards, offered, kind in (
        (Guards(read_only=True), found[0], RefusedPlanError),
        (Guards(), unproven, UnprovenAccountError),
    ):
        queue = DeletionQueue(api, journal, guards, context=lambda: QueryContext(0.0))
        with pytest.raises(kind):
            queue.adopt(offered)
    found[0].file.intend(40.0, "4")
    found[0].file.close()


async def found_by(journal: Journal, api: Pretended) -> Interrupted:
    """Return what the next start finds, and let the batch go."""
    found: list[Interrupted] = []

    async def work() -> None:
        found.append(await settled(journal, api))

    await api.time.of(work())
    found[0].file.close()
    return found[0]


async def test_what_was_unknown_and_is_still_there_is_offered_at_every_start_until_something_is_decided(
    journal: Journal,
) -> None:
    file = journal.begin(10.0, plan_of(ROWS[:1]))
    file.intend(11.0, "0")
    file.settle(12.0, Item(ROWS[0], Outcome.UNKNOWN, "no answer"))
    file.close()
    for _ in range(2):
        found = await found_by(journal, Pretended(Timeline(), ROWS, latency=0.0))
        assert found.rest is not None
        assert found.rest.items == ROWS[:1]


@pytest.mark.parametrize("withdrawn", [False, True])
@pytest.mark.parametrize(("rows", "outcome"), [(ROWS, None), ((), Outcome.ALREADY_GONE)])
async def test_what_is_unknown_although_nothing_was_sent_is_looked_at_and_was_not_deleted_by_us(
    journal: Journal, rows: tuple[Snapshot, ...], outcome: Outcome | None, withdrawn: bool
) -> None:
    file = journal.begin(10.0, plan_of(ROWS[:1]))
    if withdrawn:
        file.intend(11.0, "0")
        file.withdraw(11.5, "0")
    file.settle(12.0, Item(ROWS[0], Outcome.UNKNOWN, "it is not in the list, and whether it is gone cannot be told"))
    file.close()
    found = await found_by(journal, Pretended(Timeline(), rows, latency=0.0))
    assert [(item.outcome, item.lost) for item in found.items] == [(outcome, None)]
    (recorded,) = journal.history()
    assert (recorded.unknown_ids, recorded.problems) == ([], [])


class SlowJournal(Journal):
    """A journal that is read as slowly as a test wants."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.begun, self.may_end = Event(), Event()
        self.read = False

    def unfinished(self) -> Unfinished:
        self.begun.set()
        self.may_end.wait(10.0)
        found = super().unfinished()
        self.read = True
        return found


class UnreadableJournal(SlowJournal):
    """One of which it turns out late that it cannot be read."""

    def unfinished(self) -> Unfinished:
        super().unfinished()
        raise JournalError("the journal cannot be read")


async def begun(slow: SlowJournal, finding: asyncio.Task[Ours]) -> None:
    """Wait until the journal is being read, or it is certain that it never will be."""
    begins = asyncio.ensure_future(asyncio.to_thread(slow.begun.wait, 10.0))
    try:
        await asyncio.wait({begins, finding}, return_when=asyncio.FIRST_COMPLETED)
        assert slow.begun.is_set()
    finally:
        slow.begun.set()


async def given_up(slow: SlowJournal) -> None:
    """Give up finding while the journal is read, and return when it has been read all the same."""
    others = asyncio.all_tasks()
    finding = asyncio.create_task(find_aside(slow, URL, OURS))
    await begun(slow, finding)
    finding.cancel()
    await asyncio.gather(finding, return_exceptions=True)
    assert finding.cancelled()
    reading = asyncio.all_tasks() - others
    slow.may_end.set()
    await asyncio.wait(reading)


async def test_a_journal_is_read_beside_what_else_goes_on(journal: Journal, tmp_path: Path) -> None:
    plan = interrupt(journal)
    slow = SlowJournal(tmp_path / "deletions")
    finding = asyncio.create_task(find_aside(slow, URL, OURS))
    await begun(slow, finding)
    assert not finding.done()
    slow.may_end.set()
    ((recorded, file),) = (await finding).batches
    assert recorded.plan == plan
    file.close()


async def test_whoever_gives_up_finding_leaves_no_file_locked(journal: Journal, tmp_path: Path) -> None:
    interrupt(journal)
    slow = SlowJournal(tmp_path / "deletions")
    await given_up(slow)
    (path,) = journal.paths()
    assert slow.read
    assert not is_locked(journal, path)


async def test_whoever_gives_up_finding_is_not_told_what_is_wrong_with_the_journal(tmp_path: Path) -> None:
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    await given_up(UnreadableJournal(tmp_path / "deletions"))
    assert told == []


def is_locked(journal: Journal, path: Path) -> bool:
    try:
        journal.lock(path).close()
    except BlockingIOError:
        return True
    return False


def queue_of(journal: Journal, api: Pretended, grace_seconds: float = 0.0) -> DeletionQueue:
    return DeletionQueue(
        api,
        journal,
        Guards(),
        clock=api.time.wall,
        boot=api.time.clock,
        sleep=api.time.sleep,
        context=lambda: QueryContext(api.time.wall()),
        grace_seconds=grace_seconds,
    )


async def taken_up(journal: Journal, api: Pretended, grace_seconds: float = 0.0) -> DeletionQueue:
    """Return a queue that goes on with a batch of which a DELETE was under way when snaptui was killed."""
    file = journal.begin(10.0, plan_of(ROWS[:2]))
    file.intend(11.0, "0")
    file.close()
    queue = queue_of(journal, api, grace_seconds)

    async def adopt() -> None:
        queue.adopt(await settled(journal, api))

    await api.time.of(adopt())
    return queue


async def test_what_the_delete_of_the_killed_run_takes_after_the_look_was_deleted_by_us(journal: Journal) -> None:
    api = Pretended(Timeline(), ROWS)
    queue = await taken_up(journal, api, grace_seconds=3.0)
    del api.rows["0"]
    await api.time.until(lambda: queue.batches[0].state is State.ENDED)
    assert [item.outcome for item in queue.batches[0].items] == [Outcome.DELETED, Outcome.DELETED]
    assert queue.batches[0].items[0].reason == "snaptui was interrupted before the answer came; the snapshot is gone"
    assert api.sent_ids == ["1"]


async def test_what_is_still_there_is_looked_at_and_deleted_as_all_else(journal: Journal) -> None:
    api = Pretended(Timeline(), ROWS)
    queue = await taken_up(journal, api)
    await api.time.until(lambda: queue.batches[0].state is State.ENDED)
    assert sorted(api.sent_ids) == ["0", "1"]
    (recorded,) = journal.history()
    assert {line.outcome for line in recorded.outcomes.values()} == {Outcome.DELETED}
    assert recorded.ended is not None


@pytest.mark.parametrize("cancel", [True, False])
async def test_leaving_before_it_was_decided_leaves_it_unknown_for_the_next_start(
    journal: Journal, cancel: bool
) -> None:
    api = Pretended(Timeline(), ROWS)
    queue = await taken_up(journal, api, grace_seconds=30.0)
    api.always["look"] = ServerError("down", status=500)
    await api.time.of(queue.close(cancel=cancel))
    item = queue.batches[0].items[0]
    assert item.outcome is Outcome.UNKNOWN
    assert item.reason == "snaptui was interrupted before the answer came; it may or may not be deleted"
    (recorded,) = journal.history()
    assert recorded.unknown_ids == ["0"]
    assert recorded.ended is None


async def test_taking_back_looks_at_what_an_earlier_run_sent_and_says_so(journal: Journal) -> None:
    api = Pretended(Timeline(), ROWS)
    queue = await taken_up(journal, api, grace_seconds=30.0)
    await api.time.of(queue.take_back("p"))
    await api.time.until(lambda: queue.batches[0].state is State.ENDED)
    first, second = queue.batches[0].items
    assert (first.outcome, second.outcome) == (Outcome.FAILED, Outcome.CANCELLED)
    assert first.reason.startswith("snaptui was interrupted before the answer came; the snapshot is still there")
    assert api.sent == []


async def test_another_delete_that_is_kept_back_says_nothing_of_the_earlier_one(journal: Journal) -> None:
    api = Pretended(Timeline(), ROWS)
    api.always["answer"] = RateLimitedError("slow down", status=429)
    queue = await taken_up(journal, api)
    await api.time.until(lambda: len(api.sent) >= 2 and not any(i.sending for i in queue.batches[0].items))
    await api.time.of(queue.close(cancel=False))
    (recorded,) = journal.history()
    assert recorded.unknown_ids == ["0"], "of 1 nothing was acted on: a 429 is an answer"


async def test_what_is_forgotten_is_said_to_have_been_there(journal: Journal) -> None:
    file = journal.begin(10.0, plan_of(ROWS[:2]))
    file.intend(11.0, "0")
    file.close()
    api = Pretended(Timeline(), ROWS)

    async def forget() -> None:
        close(await settled(journal, api), "forgotten", lambda: 30.0)

    await api.time.of(forget())
    (recorded,) = journal.history()
    assert recorded.outcomes["0"].reason == (
        "forgotten; still there at the next start, and an earlier DELETE may yet be acted on"
    )
    assert recorded.outcomes["1"].reason == "forgotten"
    assert recorded.ended == 30.0


async def test_what_an_earlier_run_may_have_deleted_is_no_copy_that_the_rest_could_leave(journal: Journal) -> None:
    both = ROWS[1::-1]
    api = Pretended(Timeline(), both)
    file = journal.begin(10.0, plan_of(both))
    file.intend(11.0, both[1].id)
    file.close()
    queue = DeletionQueue(
        api,
        journal,
        Guards(protect=(parse("is:only"),)),
        clock=api.time.wall,
        boot=api.time.clock,
        sleep=api.time.sleep,
        context=lambda: QueryContext(api.time.wall(), places=Snapshots(both).places),
        workers=1,
    )

    async def adopt() -> None:
        queue.adopt(await settled(journal, api))

    await api.time.of(adopt())
    await api.time.until(lambda: queue.batches[0].state is State.ENDED)
    assert queue.batches[0].items[0].outcome is Outcome.PROTECTED
    assert both[0].id not in api.sent_ids
