"""Plan of a deletion: the exact snapshots that were reviewed, and its file, which others can review."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Annotated, Final, Literal, Self

import msgspec
from msgspec import Meta, Struct, field
from msgspec.structs import replace

from snaptui.model.account import Account
from snaptui.model.cost import Totals
from snaptui.model.snapshot import LARGEST_GIGABYTES, Snapshot

VERSION: Final = 1
LATEST_MOMENT: Final = 253_402_300_799.0
"""The last second of the year 9999: nothing later can be written as a date."""
DEMO_ACCOUNT: Final = "the demo account"
"""Where files of the demo account are from: its server has another address each time."""
_SAFE_ID: Final = re.compile("[A-Za-z0-9_-]{1,100}")
"""Files are named by it, and a plan may come from somebody else."""


_EARLIEST: Final = -86_400.0
"""The first moment of 1970, in the easternmost of all zones."""


_RUN: Final = 1_024
_NO_ITEMS: Final = b'"items":[]'
"""No text can hold this: its quotes would have backslashes in front."""


class PlanError(ValueError):
    """A plan that cannot be read or carried out: what is wrong with it."""


class KeptGroup(Struct, frozen=True):
    """A group of a retention policy: its `items` may go only while one of `kept` exists. Both hold ids."""

    group: str
    items: tuple[str, ...]
    kept: tuple[str, ...]


class Plan(Struct, frozen=True, dict=True):
    """The exact snapshots a user reviewed, and where they were seen.

    `items` hold each snapshot as it was when looked at; nothing that happens later changes them.
    `account` is `None` when the token may not read it. `created` is in Unix seconds. `keeps` is empty unless a
    retention policy made the plan.
    """

    id: str
    created: float
    api_url: str
    account: Account | None
    query: str
    items: tuple[Snapshot, ...]
    hidden_by_filter: int = 0
    keeps: tuple[KeptGroup, ...] = ()

    def totals(self, usd_per_gb_month: float) -> Totals:
        """Return count, size and monthly cost of everything in the plan."""
        return Totals.of(self.items, usd_per_gb_month)

    @property
    def types(self) -> Counter[str]:
        """Number of snapshots by resource type."""
        return Counter(snapshot.resource_type for snapshot in self.items)

    @property
    def regions(self) -> Counter[str]:
        """Number of snapshots by region; a snapshot in two regions counts in both."""
        return Counter(region for snapshot in self.items for region in snapshot.regions)

    @cached_property
    def record(self) -> msgspec.Raw:
        """The plan as it stands in files, in JSON; kept, as 75,000 snapshots take 0.2 s (measured).

        The review makes it while it is opened, so that nothing waits for it when it is confirmed: in short runs, as
        every other thread waits for one call.
        """
        without = msgspec.json.encode(PlanRecord.of(replace(self, items=())))
        runs = (self.items[start : start + _RUN] for start in range(0, len(self.items), _RUN))
        items = b",".join(msgspec.json.encode(_records(run))[1:-1] for run in runs)
        return msgspec.Raw(without.replace(_NO_ITEMS, _NO_ITEMS[:-1] + items + b"]", 1))

    def to_json(self, warnings: Mapping[str, Sequence[str]] = {}) -> bytes:
        """Return the plan as indented JSON, to be reviewed by others and read back.

        `warnings` by id are written for those others: when the plan is carried out, what is so then is warned of.
        """
        said = {row_id: tuple(texts) for row_id, texts in warnings.items()}
        encoded = msgspec.json.encode(_PlanFile(PlanRecord.of(self), VERSION, said))
        return msgspec.json.format(encoded, indent=2) + b"\n"

    @classmethod
    def from_json(cls, text: bytes) -> "Plan":
        """Read a plan back; raises `PlanError`."""
        try:
            plan = msgspec.json.decode(text, type=_PlanFile).plan.read()
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise PlanError(f"this is not a plan of snaptui: {error}") from None
        if not plan.items:
            raise PlanError("the plan has no snapshots")
        damaged = [snapshot.id for snapshot in plan.items if snapshot.damage]
        if damaged:
            raise PlanError(f"the plan names the damaged row {damaged[0]}, which cannot be deleted")
        return plan


def _checked(plan: Plan) -> Plan:
    """Return a plan that does not contradict itself; raises `PlanError` for any other."""
    doubled = [row_id for row_id, number in Counter(s.id for s in plan.items).items() if number > 1]
    if doubled:
        raise PlanError(f"the plan names {doubled[0]} more than once")
    planned = {snapshot.id for snapshot in plan.items}
    for group in plan.keeps:
        if contradiction := planned.intersection(group.kept):
            raise PlanError(f"the plan both keeps and removes {min(contradiction)}")
    return plan


class SnapshotRecord(Struct, frozen=True, gc=False):
    """A snapshot as it stands in files, with every text that the API sent."""

    id: str
    name: str
    created_at: str | None
    created: Annotated[float, Meta(ge=_EARLIEST, le=LATEST_MOMENT)] | None
    regions: tuple[str, ...]
    min_disk_size: Annotated[int, Meta(ge=0, le=2**63 - 1)] | None
    size_gigabytes: Annotated[float, Meta(ge=0, le=LARGEST_GIGABYTES)] | None
    resource_id: str | None
    resource_type: str
    tags: tuple[str, ...] | None
    damage: str | None = None

    def read(self) -> Snapshot:
        """Return the snapshot that was written."""
        return Snapshot(*msgspec.structs.astuple(self))


def _records(snapshots: Sequence[Snapshot]) -> list[SnapshotRecord]:
    return msgspec.convert(snapshots, list[SnapshotRecord], from_attributes=True)


class PlanRecord(Struct, frozen=True):
    """A plan as it stands in files."""

    id: str
    created: float
    api_url: str
    account: Account | None
    query: str
    items: tuple[SnapshotRecord, ...]
    hidden_by_filter: int = 0
    keeps: tuple[KeptGroup, ...] = ()

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """Return the record that is written of a plan."""
        return msgspec.convert(plan, cls, from_attributes=True)

    def read(self) -> Plan:
        """Return the plan that was written.

        Raises `PlanError` for an id that cannot be part of a file's name, and for a plan that contradicts itself.
        """
        if not _SAFE_ID.fullmatch(self.id):
            raise PlanError("the plan has no id that can be used")
        items = tuple(item.read() for item in self.items)
        plan = Plan(
            self.id, self.created, self.api_url, self.account, self.query, items, self.hidden_by_filter, self.keeps
        )
        return _checked(plan)


class _PlanFile(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    plan: PlanRecord
    version: Literal[1]
    warnings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
