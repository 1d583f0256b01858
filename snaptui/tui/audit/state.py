"""State of the audit screen: the tab, the dimension, the groups or findings, and the cursor."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from snaptui.audit.dimensions import Dimension
from snaptui.audit.findings import Finding
from snaptui.audit.groups import Group, Grouping
from snaptui.audit.machines import Uncovered
from snaptui.inventory.chosen import Chosen
from snaptui.tui.browse.state import BrowseState


class Tab(StrEnum):
    """Tabs of the audit screen."""

    GROUPS = "groups"
    FINDINGS = "findings"


class Place(Struct, frozen=True):
    """Place in the audit screen to come back to: tab, dimension and line."""

    tab: Tab = Tab.GROUPS
    dimension: Dimension = Dimension.FAMILY
    group: int = 0
    finding: int = 0


class Results(Struct, frozen=True):
    """Results of the checks: findings of snapshots, and machines that are not covered."""

    findings: tuple[Finding, ...]
    machines: tuple[Uncovered, ...]

    @property
    def entries(self) -> list[Finding | Uncovered]:
        """The lines of the tab."""
        return [*self.findings, *self.machines]


class AuditState(Struct, frozen=True):
    """One moment of the screen. `grouping` and `results` are `None` until they have been made."""

    subject: BrowseState
    place: Place = Place()
    grouping: Grouping | None = None
    results: Results | None = None
    rows: int = 10
    """Number of lines of a list that fit the screen."""

    marked: frozenset[str] = frozenset()
    """The queries of the groups that were marked whole."""

    @property
    def length(self) -> int:
        """The number of lines in the list of this tab."""
        if self.place.tab is Tab.GROUPS:
            return 0 if self.grouping is None else len(self.grouping)
        return 0 if self.results is None else len(self.results.findings) + len(self.results.machines)

    @property
    def cursor(self) -> int:
        """The line under the cursor."""
        at = self.place.group if self.place.tab is Tab.GROUPS else self.place.finding
        return max(0, min(at, self.length - 1))

    @property
    def top(self) -> int:
        """The first line in sight: pages turn, they do not scroll."""
        return self.cursor - self.cursor % max(1, self.rows)

    def moved_to(self, line: int) -> "AuditState":
        """Put the cursor on a line, or on the nearest one there is."""
        line = max(0, min(line, self.length - 1))
        if self.place.tab is Tab.GROUPS:
            return replace(self, place=replace(self.place, group=line))
        return replace(self, place=replace(self.place, finding=line))

    def on_tab(self, tab: Tab) -> "AuditState":
        """Show the other half; each keeps its line."""
        return replace(self, place=replace(self.place, tab=tab))

    def by(self, dimension: Dimension) -> "AuditState":
        """Group by another dimension, from its dearest group on."""
        if dimension is self.place.dimension:
            return self.on_tab(Tab.GROUPS)
        place = replace(self.place, tab=Tab.GROUPS, dimension=dimension, group=0)
        return replace(self, place=place, grouping=None, marked=frozenset())

    def regrouped(self, grouping: Grouping) -> "AuditState":
        """Take over groups; while the list changes the cursor stays on the group that it was on, wherever that is."""
        before, here = self.grouping, replace(self, grouping=grouping)
        if before is None or not len(before):
            return here
        place = before.place_in(grouping, min(self.place.group, len(before) - 1))
        return here if place is None else replace(here, place=replace(self.place, group=place))

    @property
    def groups_in_sight(self) -> Sequence[Group]:
        """The groups that there is room for."""
        return [] if self.grouping is None else self.grouping.slice(self.top, self.top + self.rows)

    @property
    def group(self) -> Group | None:
        """The group under the cursor."""
        if self.place.tab is not Tab.GROUPS or not self.length or self.grouping is None:
            return None
        return self.grouping.at(self.cursor)

    @property
    def chosen(self) -> Chosen | None:
        """The rows of the group under the cursor, in the list that was grouped; `None` where there is no group."""
        return None if self.group is None or self.grouping is None else self.grouping.chosen(self.cursor)

    @property
    def found(self) -> Finding | Uncovered | None:
        """The finding under the cursor."""
        if self.place.tab is not Tab.FINDINGS or not self.length or self.results is None:
            return None
        return self.results.entries[self.cursor]

    @property
    def query(self) -> str | None:
        """The query for the rows under the cursor; `None` where there are none."""
        if self.group is not None:
            return self.group.query
        found = self.found
        return found.query if isinstance(found, Finding) and found.totals.count else None
