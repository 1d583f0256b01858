"""Lines of the journal: intent, withdrawn, outcome, end; and a batch as the lines of its file tell it."""

from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct

from snaptui.deletion.batch import Batch
from snaptui.deletion.items import Item, Items, Outcome
from snaptui.deletion.plan import LATEST_MOMENT, Plan, PlanRecord
from snaptui.deletion.states import State


class PlanLine(Struct, frozen=True, tag="plan", tag_field="record"):
    """The plan that was confirmed."""

    at: float
    plan: PlanRecord
    version: Literal[1] = 1


class ConfirmedLine(Struct, frozen=True, tag="plan", tag_field="record"):
    """A `PlanLine` to be written, of a plan that has been put into JSON already."""

    at: float
    plan: msgspec.Raw
    version: Literal[1] = 1


class IntentLine(Struct, frozen=True, tag="intent", tag_field="record"):
    """A DELETE is about to be sent."""

    at: float
    id: str


class WithdrawnLine(Struct, frozen=True, tag="withdrawn", tag_field="record"):
    """The DELETE that was intended was not sent."""

    at: float
    id: str


class OutcomeLine(Struct, frozen=True, tag="outcome", tag_field="record"):
    """The outcome of an item."""

    at: float
    id: str
    outcome: Outcome
    reason: str = ""
    request_id: str | None = None


class EndLine(Struct, frozen=True, tag="end", tag_field="record"):
    """Nothing more comes."""

    at: float


Line = PlanLine | IntentLine | WithdrawnLine | OutcomeLine | EndLine
_LINES: Final[msgspec.json.Decoder[Line]] = msgspec.json.Decoder(Line)


class Recorded:
    """A batch as its file tells it; `problems` are what could not be read. Moments are Unix seconds."""

    def __init__(self, path: Path, problems: list[str] | None = None) -> None:
        self.path = path
        self.plan: Plan | None = None
        self.began = 0.0
        self.ended: float | None = None
        self.unknown: dict[str, None] = {}
        """The ids of what may be gone and may be there: to be looked at, in this order."""
        self.intended: set[str] = set()
        """The ids that ever had an intent."""
        self.maybe_sent: set[str] = set()
        """The ids of which a DELETE may have been acted on: they had an intent that was not withdrawn."""
        self.outcomes: dict[str, OutcomeLine] = {}
        self.problems = problems or []

    def take(self, line: Line) -> None:
        """Take over what a line says."""
        match line:
            case PlanLine():
                self.plan, self.began = line.plan.read(), moment(line.at)
            case IntentLine():
                self.unknown[line.id] = None
                self.intended.add(line.id)
                self.maybe_sent.add(line.id)
                self.outcomes.pop(line.id, None)
            case WithdrawnLine():
                self.unknown.pop(line.id, None)
                self.maybe_sent.discard(line.id)
                self.outcomes.pop(line.id, None)
            case OutcomeLine(outcome=Outcome.UNKNOWN):
                self.outcomes[line.id] = line
                self.unknown[line.id] = None
            case OutcomeLine():
                self.outcomes[line.id] = line
                self.unknown.pop(line.id, None)
            case EndLine():
                self.ended = moment(line.at)

    @property
    def unknown_ids(self) -> list[str]:
        """The ids of what may be gone and may be there, in the order in which that came about."""
        return list(self.unknown)

    @property
    def as_batch(self) -> Batch | None:
        """The batch as it was left; `None` without a plan."""
        if self.plan is None:
            return None
        items = Items.of(self._item(Item(snapshot)) for snapshot in self.plan.items)
        return Batch(self.plan, items, State.ENDED, self.began, began=self.began, ended=self.ended)

    def _item(self, item: Item) -> Item:
        line = self.outcomes.get(item.snapshot.id)
        if line is not None:
            return Item(item.snapshot, line.outcome, line.reason, line.request_id)
        if item.snapshot.id in self.unknown:
            return Item(item.snapshot, Outcome.UNKNOWN, "it was interrupted before the outcome was recorded")
        return item


def moment(at: float) -> float:
    """Return a moment that can be written as a date; the beginning of Unix time for any other."""
    return at if 0 <= at <= LATEST_MOMENT else 0.0


def line_of(text: bytes) -> Line:
    """Return what a line says; raises `ValueError` or `RecursionError` for one that is damaged."""
    return _LINES.decode(text)


def read(path: Path, content: bytes) -> Recorded:
    """Read a batch's file; lines that are cut off or damaged are reported, not fatal."""
    recorded = Recorded(path)
    for number, text in enumerate(content.split(b"\n"), 1):
        if not text:
            continue
        try:
            recorded.take(line_of(text))
        except (msgspec.DecodeError, ValueError, RecursionError):
            recorded.problems.append(f"{path}: line {number} is damaged and was passed over")
    return recorded
