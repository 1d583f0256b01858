"""Owner of a batch: what is shown, what is written, and in which order, on a file that can fail."""

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from snaptui.deletion.batch import Batch, ImpossibleError, Stop, StopKind
from snaptui.deletion.batch_file import BatchFile, JournalError
from snaptui.deletion.batch_owner import BatchOwner
from snaptui.deletion.items import Item, Items, Outcome
from snaptui.deletion.journal_lines import ConfirmedLine, EndLine, IntentLine, Line, OutcomeLine, WithdrawnLine
from snaptui.deletion.states import Event, State
from tests.support.deleting import plan_of, snapshot

ROWS = tuple(snapshot(str(n)) for n in range(3))


class File(BatchFile):
    """A batch's file that keeps its lines, and can fail."""

    def __init__(self) -> None:
        super().__init__(Path("batch.jsonl"), -1)
        self.lines: list[Line | ConfirmedLine] = []
        self.full = False
        self.closed = 0
        self.tried = 0

    def write(self, line: Line | ConfirmedLine) -> None:
        self.tried += 1
        if self.full:
            raise JournalError("the disk is full")
        self.lines.append(line)

    def close(self) -> None:
        self.closed += 1


class Owned:
    """An owner, its file, and what it told."""

    def __init__(self, rows: int = 2, state: State = State.RUNNING) -> None:
        self.file = File()
        self.changes = 0
        self.ends = 0
        batch = replace(Batch.of(plan_of(ROWS[:rows]), 5.0, 0.0), state=state)
        self.owner = BatchOwner(batch, self.file, clock=lambda: 7.0, changed=self.change, item_ended=self.end)

    def change(self) -> None:
        self.changes += 1

    def end(self) -> None:
        self.ends += 1

    @property
    def items(self) -> Items:
        return self.owner.batch.items


async def test_an_intent_is_written_and_then_shown() -> None:
    one = Owned()
    await one.owner.intend(1)
    assert one.file.lines == [IntentLine(7.0, "1")]
    assert one.items == (Item(ROWS[0]), Item(ROWS[1], sending=True))
    assert one.changes == 1
    assert one.owner.is_open(1)


async def test_an_intent_that_cannot_be_written_is_an_error_and_pauses_the_batch() -> None:
    one = Owned()
    one.file.full = True
    with pytest.raises(JournalError):
        await one.owner.intend(0)
    assert one.items[0] == Item(ROWS[0])
    assert one.owner.batch.state is State.BLOCKED
    assert (one.owner.batch.unwritable, one.owner.batch.stop) == ("the disk is full", None)
    assert one.owner.blocked
    assert one.owner.is_open(0)


async def test_an_intent_that_could_not_be_written_is_withdrawn_when_there_is_room_and_the_batch_goes_on() -> None:
    one = Owned()
    one.file.full = True
    with pytest.raises(JournalError):
        await one.owner.intend(0)
    assert await one.owner.write_held() is False
    one.file.full = False
    assert await one.owner.write_held() is True
    assert one.file.lines == [WithdrawnLine(7.0, "0")]
    assert one.items[0] == Item(ROWS[0])
    assert one.ends == 0
    assert not one.owner.blocked
    assert (one.owner.batch.state, one.owner.batch.unwritable) == (State.WAITING, None)


async def test_an_intent_is_withdrawn_on_disk_and_on_the_screen_even_when_it_cannot_be_written() -> None:
    one = Owned()
    await one.owner.intend(0)
    await one.owner.withdraw(0)
    assert one.file.lines[1:] == [WithdrawnLine(7.0, "0")]
    assert one.items[0] == Item(ROWS[0])
    assert not one.owner.blocked
    one.file.full = True
    await one.owner.withdraw(1)
    assert one.items[1] == Item(ROWS[1])
    assert one.owner.batch.unwritable == "the disk is full"
    assert one.owner.batch.state is State.BLOCKED
    assert one.owner.is_open(1)
    one.file.full = False
    assert await one.owner.write_held() is True
    assert one.file.lines[-1] == WithdrawnLine(7.0, "1")


async def test_an_outcome_takes_the_place_of_a_withdrawal_that_could_not_be_written() -> None:
    one = Owned()
    one.file.full = True
    await one.owner.withdraw(0)
    await one.owner.settle(0, Outcome.CANCELLED)
    assert not one.owner.is_open(0)
    one.file.full = False
    assert await one.owner.write_held() is True
    assert one.file.lines == [OutcomeLine(7.0, "0", Outcome.CANCELLED)]
    assert one.items[0].outcome is Outcome.CANCELLED


async def test_an_outcome_that_comes_while_its_withdrawal_is_being_written_is_written_after_it() -> None:
    one = Owned()
    await asyncio.gather(one.owner.withdraw(0), one.owner.settle(0, Outcome.CANCELLED))
    assert one.file.lines == [WithdrawnLine(7.0, "0"), OutcomeLine(7.0, "0", Outcome.CANCELLED)]
    assert one.items[0].outcome is Outcome.CANCELLED
    assert one.ends == 1


async def test_an_outcome_that_comes_while_what_was_held_is_being_written_is_held_still() -> None:
    one = Owned()
    one.file.full = True
    await one.owner.withdraw(0)
    one.file.full = False
    nothing_held, _ = await asyncio.gather(one.owner.write_held(), one.owner.settle(0, Outcome.CANCELLED))
    assert not nothing_held
    assert one.file.lines == [WithdrawnLine(7.0, "0"), OutcomeLine(7.0, "0", Outcome.CANCELLED)]
    assert not one.owner.blocked


async def test_what_is_being_written_is_not_written_once_more() -> None:
    one = Owned()
    settling = one.owner.settle(0, Outcome.DELETED)
    _, *nothing_held = await asyncio.gather(settling, one.owner.write_held(), one.owner.write_held())
    assert nothing_held == [True, True]
    assert one.file.lines == [OutcomeLine(7.0, "0", Outcome.DELETED)]
    assert one.ends == 1


@pytest.mark.parametrize("state", [State.PAUSED, State.STOPPING, State.PAUSING])
async def test_only_what_was_not_paused_or_stopped_goes_on_by_itself(state: State) -> None:
    one = Owned(state=state)
    one.file.full = True
    await one.owner.settle(0, Outcome.CANCELLED)
    one.file.full = False
    assert await one.owner.write_held() is True
    assert (one.owner.batch.state, one.owner.batch.unwritable) == (state, None)


async def test_a_full_disk_does_not_hide_why_a_batch_was_stopped() -> None:
    one = Owned(state=State.STOPPING)
    stop = Stop(StopKind.NOT_AUTHENTICATED, "bad token")
    one.owner.show(replace(one.owner.batch, stop=stop))
    one.file.full = True
    await one.owner.settle(0, Outcome.CANCELLED)
    assert (one.owner.batch.stop, one.owner.batch.unwritable) == (stop, "the disk is full")
    one.file.full = False
    await one.owner.write_held()
    assert (one.owner.batch.stop, one.owner.batch.unwritable) == (stop, None)


async def test_an_outcome_is_shown_as_it_is_on_disk() -> None:
    one = Owned()
    await one.owner.settle(0, Outcome.FAILED, "in use", "req-1")
    assert one.file.lines == [OutcomeLine(7.0, "0", Outcome.FAILED, "in use", "req-1")]
    assert one.items == (Item(ROWS[0], Outcome.FAILED, "in use", "req-1"), Item(ROWS[1]))
    assert (one.changes, one.ends, one.file.closed) == (1, 1, 0)
    assert not one.owner.is_open(0)
    assert one.owner.is_open(1)
    assert one.owner.batch.state is State.RUNNING


async def test_an_outcome_has_no_reason_and_no_request_unless_it_is_given() -> None:
    one = Owned()
    await one.owner.settle(0, Outcome.DELETED)
    assert one.items[0] == Item(ROWS[0], Outcome.DELETED, "", None)


async def test_with_its_last_outcome_a_batch_ends_on_disk_and_lets_its_file_go() -> None:
    one = Owned()
    for position in (0, 1):
        await one.owner.settle(position, Outcome.DELETED)
    assert one.file.lines[-1] == EndLine(7.0)
    assert one.file.closed >= 1
    assert one.owner.batch.state is State.ENDED
    assert (one.owner.batch.ended, one.owner.batch.stop) == (7.0, None)
    assert one.ends == 2
    await one.owner.settle(0, Outcome.FAILED)
    assert isinstance(one.file.lines[-1], EndLine)
    assert one.items[0].outcome is Outcome.DELETED


async def test_a_batch_with_something_unknown_has_no_end_on_disk() -> None:
    one = Owned()
    await one.owner.settle(0, Outcome.UNKNOWN)
    await one.owner.settle(1, Outcome.DELETED)
    assert not any(isinstance(line, EndLine) for line in one.file.lines)
    assert one.file.closed == 1
    assert one.owner.batch.state is State.ENDED


async def test_why_a_batch_stopped_stays_said_after_its_end() -> None:
    one = Owned(1)
    stop = Stop(StopKind.NOT_PERMITTED, "no scope")
    one.owner.show(replace(one.owner.batch, stop=stop))
    assert not one.owner.blocked
    await one.owner.settle(0, Outcome.FAILED)
    assert one.owner.batch.stop == stop


async def test_an_end_that_cannot_be_written_is_an_end_all_the_same() -> None:
    one = Owned(1)

    class NoEnd(File):
        def end(self, at: float) -> None:
            raise JournalError("the disk is full")

    file = NoEnd()
    owner = BatchOwner(one.owner.batch, file, clock=lambda: 7.0)
    await owner.settle(0, Outcome.DELETED)
    assert owner.batch.state is State.ENDED
    assert file.closed == 1
    assert owner.batch.stop is None


async def test_an_outcome_that_cannot_be_written_is_held_and_said() -> None:
    one = Owned()
    one.file.full = True
    await one.owner.settle(0, Outcome.DELETED, "why", "req-1")
    assert one.items[0] == Item(ROWS[0], None, "deleted, not written down yet", "req-1", sending=True)
    assert one.owner.blocked
    assert not one.owner.is_open(0)
    assert (one.ends, one.owner.batch.state) == (0, State.BLOCKED)
    assert await one.owner.write_held() is False
    one.file.full = False
    assert await one.owner.write_held() is True
    assert one.items[0] == Item(ROWS[0], Outcome.DELETED, "why", "req-1")
    assert one.ends == 1
    assert not one.owner.blocked
    await one.owner.settle(1, Outcome.DELETED)
    assert (one.owner.batch.state, one.owner.batch.stop) == (State.ENDED, None)


async def test_what_is_held_is_written_until_one_fails_again() -> None:
    one = Owned(3)
    one.file.full = True
    for position in (0, 1):
        await one.owner.settle(position, Outcome.DELETED)
    tried = one.file.tried
    assert await one.owner.write_held() is False
    assert one.file.tried == tried + 1
    one.file.full = False
    assert await one.owner.write_held() is True
    assert [item.outcome for item in one.items] == [Outcome.DELETED, Outcome.DELETED, None]
    assert one.ends == 2


async def test_leaving_shows_what_was_held_and_calls_unknown_what_was_under_way() -> None:
    one = Owned(3)
    await one.owner.intend(0)
    one.file.full = True
    await one.owner.settle(1, Outcome.DELETED)
    one.owner.leave()
    left = "snaptui was left before the answer came"
    assert one.items == (Item(ROWS[0], Outcome.UNKNOWN, left), Item(ROWS[1], Outcome.DELETED), Item(ROWS[2]))
    assert one.file.closed == 1


MAYBE_GONE = OutcomeLine(7.0, "0", Outcome.UNKNOWN, "boom; it may or may not be deleted")


async def test_a_delete_that_is_withdrawn_leaves_on_disk_what_is_not_known_of_the_one_before() -> None:
    one = Owned()
    await one.owner.intend(0)
    one.owner.lose(0, "boom")
    await one.owner.withdraw(0)
    assert one.file.lines[1:] == [MAYBE_GONE]
    assert one.items[0] == Item(ROWS[0], lost="boom")


async def test_an_intent_that_cannot_be_written_forgets_nothing_of_the_delete_before() -> None:
    one = Owned()
    one.owner.lose(0, "boom")
    one.file.full = True
    with pytest.raises(JournalError):
        await one.owner.intend(0)
    one.file.full = False
    assert await one.owner.write_held() is True
    assert one.file.lines == [MAYBE_GONE]
    assert one.items[0] == Item(ROWS[0], lost="boom")


async def test_leaving_calls_unknown_what_an_earlier_delete_may_have_taken_although_the_next_was_withdrawn() -> None:
    one = Owned(1)
    await one.owner.intend(0)
    one.owner.lose(0, "boom")
    one.file.full = True
    await one.owner.withdraw(0)
    one.owner.leave()
    assert one.items == (Item(ROWS[0], Outcome.UNKNOWN, "boom; it may or may not be deleted"),)


@pytest.mark.parametrize("full", [False, True])
async def test_after_it_was_let_go_nothing_is_written_or_shown_any_more(full: bool) -> None:
    one = Owned()
    one.owner.leave()
    one.file.full = full
    before = one.owner.batch
    await one.owner.settle(0, Outcome.CANCELLED)
    assert one.owner.batch == before
    assert one.file.tried == 0
    assert not one.owner.blocked


async def test_a_crash_ends_the_batch_with_every_item_said() -> None:
    one = Owned(3)
    await one.owner.intend(0)
    one.file.full = True
    await one.owner.settle(1, Outcome.DELETED)
    before = one.changes
    one.owner.crashed("a bug")
    unsent = "snaptui failed before it was sent; it is left to the next start"
    assert one.items == (
        Item(ROWS[0], Outcome.UNKNOWN, "snaptui failed before the answer came"),
        Item(ROWS[1], Outcome.DELETED),
        Item(ROWS[2], Outcome.FAILED, unsent),
    )
    batch = one.owner.batch
    assert (batch.state, batch.ended, batch.stop) == (State.ENDED, 7.0, Stop(StopKind.CRASHED, "a bug"))
    assert one.file.closed == 1
    assert one.changes == before + 1


async def test_who_waits_for_a_state_is_woken_by_the_change_that_reaches_it() -> None:
    one = Owned(state=State.GRACE)
    waiting = asyncio.create_task(one.owner.until(lambda batch: batch.state is State.RUNNING))
    await asyncio.sleep(0)
    one.owner.happens(Event.GRACE_OVER)
    await asyncio.sleep(0)
    assert not waiting.done()
    one.owner.happens(Event.TURN)
    assert (await waiting).state is State.RUNNING
    assert one.changes == 2
    with pytest.raises(ImpossibleError):
        one.owner.happens(Event.GRACE_OVER)


async def test_a_batch_that_is_stopping_stays_so_when_it_cannot_be_written() -> None:
    one = Owned(state=State.STOPPING)
    one.file.full = True
    await one.owner.settle(0, Outcome.CANCELLED)
    assert one.owner.batch.state is State.STOPPING
    assert one.owner.blocked


async def test_nobody_has_to_listen() -> None:
    file = File()
    owner = BatchOwner(Batch.of(plan_of(ROWS[:1]), 5.0, 0.0), file, clock=lambda: 7.0)
    owner.show(replace(owner.batch, state=State.RUNNING))
    await owner.settle(0, Outcome.DELETED)
    assert owner.batch.state is State.ENDED
