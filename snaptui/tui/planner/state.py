"""State of the keep policy screen: what is typed, the policy that was last whole, and its preview."""

import shlex
from collections.abc import Mapping
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from snaptui.audit.calendar import Period
from snaptui.audit.histories import GroupBy, Histories
from snaptui.audit.policy import Policy, PolicyError
from snaptui.audit.preview import Judged, Preview
from snaptui.tui.browse.state import BrowseState

FIELDS: Final = ("last", "hourly", "daily", "weekly", "monthly", "yearly", "within", "tags")
_PERIODS: Final = frozenset(map(str, Period))
FIRST: Final[Mapping[str, str]] = {"last": "3", "daily": "7", "weekly": "4"}


class PlannerState(Struct, frozen=True):
    """One moment of the screen. `texts` are those of the fields.

    `problem` says why the texts are no policy. `preview` is the last that was worked out, perhaps for other texts or
    another list; `histories` are those of the list as it is, `None` until they have been made.
    """

    subject: BrowseState
    policies: Mapping[str, Policy] = field(default_factory=dict)
    named: str = ""
    texts: Mapping[str, str] = field(default_factory=lambda: dict(FIRST))
    by: GroupBy = GroupBy.SOURCE
    problem: str = ""
    histories: Histories | None = None
    preview: Preview | None = None
    cursor: int = 0
    rows: int = 10

    @property
    def policy(self) -> Policy:
        """The policy of the texts; raises `PolicyError` for texts that are none, or say nothing."""
        policy = Policy.read(options_of(self.texts), self.texts.get("tags", "").split())
        if policy.is_empty:
            raise PolicyError("it keeps nothing yet: type how many to keep")
        return policy

    @property
    def is_worked_out(self) -> bool:
        """True when the preview is that of the texts, and of the list as it is."""
        preview = self.preview
        if preview is None or self.problem or preview.histories is not self.histories:
            return False
        return preview.policy == self.policy

    @property
    def command(self) -> str:
        """The command that plans the same without a screen; empty while the texts are no policy."""
        if self.problem:
            return ""
        query = str(self.subject.browsing.view.query)
        by = () if self.by is GroupBy.SOURCE else ("--group-by", str(self.by))
        return shlex.join(("snaptui", "prune", *((query,) if query else ()), *self.policy.arguments(), *by))

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
        return replace(self, named=name, texts=texts_of(policy)).checked()

    def about(self, subject: BrowseState) -> "PlannerState":
        """Take over the list as it is now; what is known of it has to be worked out again."""
        return replace(self, subject=subject, histories=None)

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


def options_of(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of fields by the names of a policy's options.

    The field of a period takes a count, a span of time, or both: `7 2m` in `daily` is daily 7 and daily within 2m.
    """
    options: dict[str, str] = {}
    for name, text in texts.items():
        if name == "tags":
            continue
        for word in text.split():
            spans = name in _PERIODS and word[0].isdecimal() and word[-1].isalpha()
            option = f"within_{name}" if spans else name
            if option in options:
                takes = "one number and one span of time, such as 7 2m" if name in _PERIODS else "only one of these"
                raise PolicyError(f"{name} takes {takes}")
            options[option] = word
    return options


def texts_of(policy: Policy) -> dict[str, str]:
    """Return the texts of the fields for a policy."""
    options = policy.texts()
    texts = {name: " ".join(options[one] for one in (name, f"within_{name}") if one in options) for name in FIELDS}
    return {**texts, "tags": " ".join(",".join(tags) for tags in policy.tags)}


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
    if state.preview is None or not state.is_worked_out:
        return "it is being worked out"
    return None if state.preview.removed_count else "it removes nothing"


def no_policies(state: PlannerState) -> str | None:
    """Return why there is no named policy."""
    return None if state.policies else "the settings name no policies: [policies.NAME] with last = 7 and so on"


def no_policy(state: PlannerState) -> str | None:
    """Return why the texts are no policy."""
    return state.problem or None
