import pytest

from snaptui.deletion.batch import Batch, ImpossibleError
from snaptui.deletion.items import Item, Items, Outcome
from snaptui.deletion.states import NOT_BEGUN, TABLE, Event, State, why_not
from tests.support.deleting import plan_of, snapshot

ASKED = (Event.PAUSE, Event.RESUME, Event.TAKE_BACK, Event.CANCEL, Event.RETRY)
S, E = State, Event
# Written down a second time, by what each state means for the user: a change of the table is a change here, too.
MAY = {
    S.GRACE: {E.PAUSE, E.TAKE_BACK, E.CANCEL},
    S.HELD: {E.RESUME, E.TAKE_BACK, E.CANCEL},
    S.QUEUED: {E.PAUSE, E.TAKE_BACK, E.CANCEL},
    S.RUNNING: {E.PAUSE, E.CANCEL},
    S.PAUSING: {E.CANCEL},
    S.PAUSED: {E.RESUME, E.CANCEL},
    S.WAITING: {E.PAUSE, E.CANCEL},
    S.BLOCKED: {E.PAUSE, E.CANCEL},
    S.STOPPING: set(),
    S.ENDED: {E.RETRY},
}
LEADS = {
    (S.GRACE, E.PAUSE): S.HELD,
    (S.GRACE, E.GRACE_OVER): S.QUEUED,
    (S.HELD, E.RESUME): S.GRACE,
    (S.QUEUED, E.PAUSE): S.HELD,
    (S.QUEUED, E.TURN): S.RUNNING,
    (S.RUNNING, E.PAUSE): S.PAUSING,
    (S.RUNNING, E.BLOCKED): S.BLOCKED,
    (S.RUNNING, E.STOP): S.STOPPING,
    (S.PAUSING, E.QUIET): S.PAUSED,
    (S.PAUSED, E.RESUME): S.WAITING,
    (S.WAITING, E.PAUSE): S.PAUSED,
    (S.WAITING, E.TURN): S.RUNNING,
    (S.WAITING, E.BLOCKED): S.BLOCKED,
    (S.BLOCKED, E.BLOCKED): S.BLOCKED,
    (S.BLOCKED, E.PAUSE): S.PAUSING,
    (S.BLOCKED, E.WRITABLE): S.WAITING,
    (S.BLOCKED, E.STOP): S.STOPPING,
    (S.BLOCKED, E.FINISHED): S.ENDED,
    (S.PAUSING, E.BLOCKED): S.PAUSING,
    (S.PAUSED, E.BLOCKED): S.PAUSED,
    (S.ENDED, E.RETRY): S.ENDED,
}


def batch_in(state: State, *outcomes: Outcome | None) -> Batch:
    items = Items.of(Item(snapshot(str(n)), outcome) for n, outcome in enumerate(outcomes or (None,)))
    return Batch(plan_of(item.snapshot for item in items), items, state)


@pytest.mark.parametrize("state", State)
def test_what_the_user_may_ask_for_is_as_each_state_means_it(state: State) -> None:
    batch = batch_in(state, Outcome.FAILED)
    assert {event for event in ASKED if batch.may(event)} == MAY[state]
    assert {event for event in ASKED if batch.why_not(event) is None} == MAY[state]


@pytest.mark.parametrize(("way", "leads_to"), LEADS.items())
def test_each_transition_leads_where_it_should(way: tuple[State, Event], leads_to: State) -> None:
    assert batch_in(way[0]).after(way[1]).state is leads_to


@pytest.mark.parametrize("state", [state for state in State if state not in (S.STOPPING, S.ENDED)])
def test_a_cancelled_batch_is_being_stopped(state: State) -> None:
    assert batch_in(state).after(Event.CANCEL).state is State.STOPPING


@pytest.mark.parametrize("state", [state for state in State if state is not S.ENDED])
def test_a_batch_whose_run_crashed_has_ended(state: State) -> None:
    assert batch_in(state).after(Event.CRASHED).state is State.ENDED


@pytest.mark.parametrize("state", sorted(NOT_BEGUN))
def test_a_batch_taken_back_is_being_stopped(state: State) -> None:
    assert batch_in(state).after(Event.TAKE_BACK).state is State.STOPPING
    assert not batch_in(state).begun


@pytest.mark.parametrize("state", State)
def test_what_the_table_does_not_allow_is_refused(state: State) -> None:
    for event in Event:
        if event not in TABLE[state]:
            with pytest.raises(ImpossibleError, match=f"{event} cannot happen while a batch is {state}"):
                batch_in(state).after(event)


def test_nothing_begins_again_once_it_is_stopping() -> None:
    reached, found = {State.STOPPING}, {State.STOPPING}
    while found:
        found = {leads for state in found for leads in TABLE[state].values()} - reached
        reached |= found
    assert State.RUNNING not in reached
    assert State.WAITING not in reached


def test_only_a_turn_leads_to_running() -> None:
    assert {event for ways in TABLE.values() for event, to in ways.items() if to is State.RUNNING} == {Event.TURN}


@pytest.mark.parametrize(
    ("state", "event", "said"),
    [
        (S.ENDED, E.PAUSE, "nothing of it is left to be sent"),
        (S.ENDED, E.RESUME, "nothing of it is left to be sent"),
        (S.ENDED, E.CANCEL, "nothing of it is left to be sent"),
        (S.ENDED, E.TAKE_BACK, "it has ended"),
        (S.STOPPING, E.PAUSE, "it is being stopped"),
        (S.STOPPING, E.RESUME, "it is being stopped"),
        (S.STOPPING, E.CANCEL, "it is being stopped"),
        (S.STOPPING, E.TAKE_BACK, "it is being stopped"),
        (S.PAUSING, E.PAUSE, "it is being paused"),
        (S.PAUSING, E.RESUME, "it is being paused"),
        (S.PAUSED, E.PAUSE, "it is paused"),
        (S.HELD, E.PAUSE, "it is paused"),
        (S.RUNNING, E.RESUME, "it is not paused"),
        (S.BLOCKED, E.RESUME, "it goes on by itself as soon as the journal can be written"),
        (S.RUNNING, E.TAKE_BACK, "it has begun; cancelling sends nothing more of it"),
        (S.RUNNING, E.RETRY, "it is still going on"),
        (S.RUNNING, E.PAUSE, None),
    ],
)
def test_what_cannot_be_asked_for_says_why(state: State, event: Event, said: str | None) -> None:
    assert why_not(state, event) == said


def test_only_what_failed_or_is_unknown_is_tried_again() -> None:
    for outcome in Outcome:
        again = outcome in (Outcome.FAILED, Outcome.UNKNOWN)
        batch = batch_in(State.ENDED, outcome)
        assert batch.may(Event.RETRY) is again
        assert batch.why_not(Event.RETRY) == (None if again else "nothing of it failed")


def test_a_batch_counts_its_items_by_how_they_ended() -> None:
    batch = batch_in(State.RUNNING, Outcome.DELETED, Outcome.ALREADY_GONE, Outcome.FAILED, None)
    assert (batch.done, batch.finished, batch.failed) == (3, False, True)
    assert batch.gone_ids == {"0", "1"}
    assert batch.open_ids == {"3"}
    assert batch.counts[Outcome.FAILED] == 1
    assert not batch_in(State.ENDED, Outcome.DELETED, Outcome.ALREADY_GONE).failed
    assert batch_in(State.ENDED, Outcome.DELETED).finished
    assert batch_in(State.GRACE, None).failed


def test_a_batch_that_has_not_begun_keeps_when_it_was_confirmed() -> None:
    batch = Batch.of(plan_of([snapshot("1")]), 7.0, 3.0)
    assert batch == Batch(plan_of([snapshot("1")]), Items.of([Item(snapshot("1"))]), State.GRACE, 7.0, 3.0)
    assert (batch.id, batch.began, batch.ended, batch.stop, batch.waits_until) == ("p", None, None, None, 0.0)
