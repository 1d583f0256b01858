"""State of the keep policy screen: what is typed, the policy that was last whole, and its preview."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from snaptui.audit.histories import GroupBy, Histories
from snaptui.audit.policy import Policy, PolicyError
from snaptui.audit.preview import Judged, Preview
from snaptui.tui.browse.state import BrowseState

FIELDS: Final = ("last", "hourly", "daily", "weekly", "monthly", "yearly", "within", "tags")
FIRST: Final[Mapping[str, str]] = {"last": "3", "daily": "7", "weekly": "4"}


class PlannerState(Struct, frozen=True):
    """One moment of the screen. `texts` are those of the fields; `extra` is of a named policy and has no field.

    `problem` says why the texts are no policy: then the preview is of those that were.
    """

    subject: BrowseState
    policies: Mapping[str, Policy] = field(default_factory=dict)
    named: str = ""
    texts: Mapping[str, str] = field(default_factory=lambda: dict(FIRST))
    extra: Mapping[str, str] = field(default_factory=dict)
    by: GroupBy = GroupBy.SOURCE
    problem: str = ""
    histories: Histories | None = None
    preview: Preview | None = None
    cursor: int = 0
    rows: int = 10

    @property
    def policy(self) -> Policy:
        """The policy of the texts; raises `PolicyError` for texts that are none, or say nothing."""
        counts = {name: text for name, text in self.texts.items() if text.strip() and name != "tags"}
        policy = Policy.read({**self.extra, **counts}, self.texts.get("tags", "").split())
        if policy.is_empty:
            raise PolicyError("it keeps nothing yet: type how many to keep")
        return policy

    def typed(self, name: str, text: str) -> "PlannerState":
        """Take over what was typed in a field."""
        return replace(self, texts={**self.texts, name: text}, named="").checked()

    def checked(self) -> "PlannerState":
        """Take over whether the texts are a policy."""
        try:
            _ = self.policy
        except PolicyError as error:
            return replace(self, problem=str(error))
        return replace(self, problem="")

    def with_next_policy(self) -> "PlannerState":
        """Take the next of the policies in the settings."""
        names = list(self.policies)
        name = names[(names.index(self.named) + 1) % len(names)] if self.named in names else names[0]
        policy = self.policies[name]
        texts = policy.texts()
        tags = " ".join(",".join(tags) for tags in policy.tags)
        shown = {field: texts.pop(field, "") for field in FIELDS if field != "tags"}
        return replace(self, named=name, texts={**shown, "tags": tags}, extra=texts).checked()

    def grouped_next(self) -> "PlannerState":
        """Group by the next of source, family, tags, none."""
        ways = list(GroupBy)
        by = ways[(ways.index(self.by) + 1) % len(ways)]
        return replace(self, by=by, histories=None, preview=None, cursor=0)

    def moved_to(self, line: int) -> "PlannerState":
        """Put the cursor on a line, or on the nearest one there is."""
        last = 0 if self.preview is None else len(self.preview) - 1
        return replace(self, cursor=max(0, min(line, last)))

    @property
    def top(self) -> int:
        """The first line in sight: pages turn, they do not scroll."""
        return self.cursor - self.cursor % max(1, self.rows)

    @property
    def in_sight(self) -> list[Judged]:
        """The part of the list that fits the screen."""
        return [] if self.preview is None else self.preview.slice(self.top, self.top + self.rows)


def cannot_apply(state: PlannerState) -> str | None:
    """Return why nothing can be marked and reviewed."""
    if state.subject.connection.read_only:
        return "read-only: nothing can be deleted"
    return cannot_write(state)


def cannot_write(state: PlannerState) -> str | None:
    """Return why no plan can be written."""
    if not state.subject.coverage.complete:
        return "the list is not complete, so what is the newest of a group is not known; R loads again"
    if state.problem:
        return state.problem
    if state.preview is None:
        return "it is being worked out"
    return None if state.preview.removed_count else "it removes nothing"


def no_policies(state: PlannerState) -> str | None:
    """Return why there is no named policy."""
    return None if state.policies else "the settings name no policies: [policies.NAME] with last = 7 and so on"
