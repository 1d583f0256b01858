"""Lines of a batch's file: what each changes in what is known of the batch."""

from pathlib import Path

import msgspec
import pytest
from msgspec.json import encode
from msgspec.structs import replace

from snaptui.deletion.batch import Batch
from snaptui.deletion.items import Item, Items, Outcome
from snaptui.deletion.journal_lines import (
    ConfirmedLine,
    EndLine,
    IntentLine,
    Line,
    OutcomeLine,
    PlanLine,
    Recorded,
    WithdrawnLine,
    moment,
    read,
)
from snaptui.deletion.plan import LATEST_MOMENT, KeptGroup, Plan, PlanRecord
from snaptui.deletion.states import State
from tests.support.deleting import plan_of, snapshot

ROWS = tuple(snapshot(str(n)) for n in range(3))
PLAN = PlanLine(3.0, PlanRecord.of(plan_of(ROWS)))
PATH = Path("batch.jsonl")


def after(*lines: Line) -> Recorded:
    return read(PATH, b"".join(encode(line) + b"\n" for line in lines))


def items(recorded: Recorded) -> Items:
    assert recorded.as_batch is not None
    return recorded.as_batch.items


def test_a_plan_that_was_put_into_json_ahead_is_the_same_line() -> None:
    rows = tuple(snapshot(str(n), name=f'"items":[] {n}') for n in range(3_000))
    plan = replace(plan_of(rows), query='"items":[]', keeps=(KeptGroup("web", ("0",), ("kept",)),), hidden_by_filter=2)
    line = encode(ConfirmedLine(3.0, plan.record))
    assert line == encode(PlanLine(3.0, PlanRecord.of(plan)))
    assert read(PATH, line + b"\n").plan == plan
    later = replace(plan, id="other", items=ROWS[:1])
    assert msgspec.json.decode(later.record, type=PlanRecord) == PlanRecord.of(later)


def test_nothing_is_known_of_an_empty_file() -> None:
    recorded = after()
    assert (recorded.path, recorded.plan, recorded.began, recorded.ended) == (PATH, None, 0.0, None)
    assert (recorded.unknown_ids, recorded.intended, recorded.outcomes, recorded.problems) == ([], set(), {}, [])
    assert recorded.as_batch is None


def test_a_batch_is_as_it_was_left() -> None:
    outcome = OutcomeLine(5.0, "0", Outcome.FAILED, "in use", "req-1")
    recorded = after(PLAN, IntentLine(4.0, "0"), outcome, IntentLine(6.0, "1"), EndLine(9.0))
    expected = (
        Item(ROWS[0], Outcome.FAILED, "in use", "req-1"),
        Item(ROWS[1], Outcome.UNKNOWN, "it was interrupted before the outcome was recorded"),
        Item(ROWS[2]),
    )
    plan = plan_of(ROWS)
    assert recorded.as_batch == Batch(plan, Items.of(expected), State.ENDED, 3.0, began=3.0, ended=9.0)
    assert recorded.unknown_ids == ["1"]
    assert recorded.intended == {"0", "1"}


def test_an_intent_after_an_outcome_makes_it_unknown_again() -> None:
    recorded = after(PLAN, OutcomeLine(4.0, "0", Outcome.FAILED), IntentLine(5.0, "0"))
    assert recorded.outcomes == {}
    assert items(recorded)[0].outcome is Outcome.UNKNOWN


def test_what_was_never_intended_can_be_withdrawn_or_have_an_outcome() -> None:
    recorded = after(PLAN, WithdrawnLine(4.0, "0"), OutcomeLine(4.0, "1", Outcome.CANCELLED))
    assert recorded.unknown_ids == []
    assert recorded.problems == []
    assert [item.outcome for item in items(recorded)] == [None, Outcome.CANCELLED, None]


def test_empty_lines_are_nothing_and_damaged_ones_are_named_by_their_number() -> None:
    content = encode(PLAN) + b"\n\nnonsense\n" + encode(IntentLine(4.0, "2")) + b"\n"
    recorded = read(PATH, content)
    assert recorded.problems == ["batch.jsonl: line 3 is damaged and was passed over"]
    assert recorded.unknown_ids == ["2"]


DEEP = b"[" * 200_000


@pytest.mark.parametrize(
    "line",
    [
        b'{"record":"intent","at":1,"id":"\xff"}',
        b'{"record":"intent","at":1,"id":"x","more":' + DEEP,
        encode(PlanLine(1.0, PlanRecord.of(Plan("../p", 1.0, "https://x", None, "", ())))),
    ],
    ids=["a byte that is no text", "deep nesting", "a plan whose id leads elsewhere"],
)
def test_a_line_that_nobody_could_have_meant_is_damaged_and_hides_no_other(line: bytes) -> None:
    recorded = read(PATH, line + b"\n" + encode(IntentLine(1.0, "2")))
    assert recorded.problems == ["batch.jsonl: line 1 is damaged and was passed over"]
    assert recorded.unknown_ids == ["2"]


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (0.0, 0.0),
        (0.5, 0.5),
        (-0.1, 0.0),
        (LATEST_MOMENT, LATEST_MOMENT),
        (LATEST_MOMENT + 1, 0.0),
        (float("nan"), 0.0),
    ],
)
def test_a_moment_is_told_where_it_is_a_date(at: float, told: float) -> None:
    assert moment(at) == told


@pytest.mark.parametrize(
    "plan",
    [
        plan_of((ROWS[0], ROWS[1], ROWS[0])),
        replace(plan_of(ROWS), keeps=(KeptGroup("web", ("0",), ("1",)),)),
        plan_of((replace(ROWS[0], created=1e300),)),
        plan_of((replace(ROWS[0], size_gigabytes=-1.0),)),
    ],
)
def test_a_plan_that_cannot_be_ours_is_a_damaged_line(plan: Plan) -> None:
    record = msgspec.to_builtins(plan)
    recorded = read(PATH, encode({"record": "plan", "at": 3.0, "plan": record}))
    assert recorded.plan is None
    assert recorded.problems == ["batch.jsonl: line 1 is damaged and was passed over"]
