"""Keep policy screen: previews a policy while its numbers are typed. It deletes nothing itself."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import ClassVar, Final
from uuid import uuid4

from msgspec import Struct
from msgspec.structs import replace
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input

from snaptui.audit.histories import Histories, Scope
from snaptui.audit.preview import Preview
from snaptui.deletion.plan import Plan
from snaptui.inventory.chosen import Chosen
from snaptui.report.retention import plan_of
from snaptui.text.lines import Line, problem_line, success_line
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.browse.words import account_line, list_line
from snaptui.tui.deletions.countdown_bar import DeletionBar
from snaptui.tui.deletions.covering_screen import HELP, TAKE_BACK
from snaptui.tui.keys.command import Command, Commands, Declared, Group
from snaptui.tui.messages import ListChanged
from snaptui.tui.planner import words
from snaptui.tui.planner.fields import Number, PolicyFields
from snaptui.tui.planner.state import FIELDS, PlannerState, cannot_apply, cannot_write, no_policies, no_policy
from snaptui.tui.review.words import Review
from snaptui.tui.saving import save_here
from snaptui.tui.sums_thread import summed
from snaptui.tui.widgets.lines import Lines
from snaptui.tui.widgets.listing_screen import MOVING, ListingScreen, keys_line

_LOW: Final = 14
"""Height up to which what is above and below the fields takes one line each."""


class Previewed(Message):
    """A policy has been worked out for `subject`, the list as it was when that began."""

    def __init__(self, subject: BrowseState, preview: Preview) -> None:
        super().__init__()
        self.subject = subject
        self.preview = preview


class Applied(Struct, frozen=True):
    """Answer of the planner: the rows to be marked, and the function that makes the plan to be reviewed."""

    removed: Chosen
    plan: Callable[[], Plan]


class PlannerScreen(ListingScreen[Applied, PlannerState]):
    """Screen that previews a policy on the rows of the filter; its answer is the plan to be marked and reviewed."""

    AUTO_FOCUS: ClassVar[str] = ""

    def __init__(self, subject: BrowseState) -> None:
        super().__init__(PlannerState(subject, subject.auditing.policies))

    def compose(self) -> ComposeResult:
        """Put the fields above the list."""
        yield Lines(id="planner-top")
        yield PolicyFields(self._state.texts)
        yield Lines(id="planner-sum")
        yield Lines(id="planner-list")
        yield Lines(id="planner-said")
        yield DeletionBar()
        yield Lines(id="planner-keys")

    def on_mount(self) -> None:
        """Work out the first policy."""
        self.write()
        # A screen takes twice as long to open with a thread at work beside it.
        self.call_after_refresh(self._work_out)

    @work(exclusive=True, group="preview")
    async def _work_out(self) -> None:
        state = self._state
        if not state.problem:
            self.post_message(await summed(worked_out, state))

    @on(Previewed)
    def _previewed(self, event: Previewed) -> None:
        state, histories = self._state, event.preview.histories
        if event.subject is state.subject and histories.by is state.by:
            fresh = replace(state, histories=histories, preview=event.preview)
            self.become(fresh.moved_to(state.cursor))

    @on(ListChanged)
    def _list_changed(self, event: ListChanged) -> None:
        self.become(self._state.about(event.state))
        self._work_out()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        name = (event.input.id or "").removeprefix("keep-")
        if self._state.texts.get(name, "") != event.value:
            self._said = ()
            self.become(self._state.typed(name, event.value))
            self._work_out()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.set_focus(None)

    def write(self) -> None:
        """Write everything for the state and the terminal's size."""
        width, height = self.app.size.width, self.app.size.height - self.query_one(DeletionBar).height
        fields = self.query_one(PolicyFields).lay_out(width)
        subject, lines = self._state.subject, 1 if height < _LOW else 2
        self._state = replace(self._state, rows=max(1, height - fields - 2 * lines - 2))
        shown = {
            "top": [account_line(subject.connection, width), list_line(subject, width)][-lines:],
            "by": [words.by_line(self._state, width)],
            "sum": words.sum_lines(self._state, width)[:lines],
            "list": words.list_lines(self._state, width),
            "said": [self._said or words.command_line(self._state, width)],
        }
        for name in ("top", "sum"):
            self.query_one(f"#planner-{name}").styles.height = lines
        for name, written in shown.items():
            self.query_one(f"#planner-{name}", Lines).show(written)
        self.query_one("#planner-keys", Lines).show([keys_line(self.DECLARED, self._state, width)])

    # What the keys do

    @property
    def commands(self) -> Iterator[Declared]:
        """The commands of this screen."""
        return iter(self.DECLARED)

    def run_command(self, key: str) -> str | None:
        """Do what a key stands for; returns why not, where it cannot be done."""
        return self.DECLARED.run(key, self, self._state)

    def group_next(self) -> None:
        """Group by something else."""
        self.become(self._state.grouped_next())
        self._work_out()

    def next_policy(self) -> None:
        """Take the next policy of the settings into the fields."""
        self.become(self._state.with_next_policy())
        for name in FIELDS:
            with self.prevent(Input.Changed):
                self.query_one(f"#keep-{name}", Number).value = self._state.texts.get(name, "")
        self._work_out()

    def apply(self) -> None:
        """Give back what goes, to be marked and reviewed."""
        if (preview := self._state.preview) is not None:
            self.dismiss(Applied(preview.chosen, partial(planned, self._state.subject, preview)))

    @work(exclusive=True, group="writing")
    async def write_plan(self) -> None:
        """Write the plan to the current folder, off the key's path: one of many snapshots takes a while."""
        self.say(await summed(written, self._state))

    def copy_command(self) -> None:
        """Copy the command that plans the same without a screen."""
        self.app.copy_to_clipboard(self._state.command)
        self.say(success_line("the command was sent to the terminal's clipboard, if it has one"))

    DECLARED: ClassVar[Commands["PlannerScreen", PlannerState]] = Commands(
        *MOVING,
        Command("tab", lambda it: it.focus_next("Number"), "to the numbers; Esc comes back", Group.AUDIT, "numbers"),
        Command("b", group_next, "group by source, name family, tags, nothing", Group.AUDIT, "group by"),
        Command("P", next_policy, "the next policy of the settings", Group.AUDIT, obstacle=no_policies),
        Command("enter", apply, "mark what goes and review it", Group.DELETE, "mark and review", cannot_apply),
        TAKE_BACK,
        Command("w", write_plan, "write what goes as a plan", Group.DELETE, "write plan", cannot_write),
        Command("y", copy_command, "copy the command that plans the same", Group.AUDIT, obstacle=no_policy),
        Command("escape,q,K", lambda it: it.dismiss(), "back; nothing happens", Group.PROGRAM, "back"),
        HELP,
    )
    BINDINGS: ClassVar[list[BindingType]] = DECLARED.bindings


def planned(subject: BrowseState, preview: Preview) -> Plan:
    """Return the plan that deletes what a preview removes."""
    connection = subject.connection
    return plan_of(preview, uuid4().hex, subject.now, connection.api_url, connection.account, subject.text)


def written(state: PlannerState) -> Line:
    """Write the plan, with its warnings, to the current folder; return in words where it is, or why it is not."""
    if state.preview is None:
        return problem_line(cannot_write(state) or "there is no plan yet")
    plan = planned(state.subject, state.preview)
    file = Review.of(plan, state.subject).file
    return save_here(f"snaptui-plan-{plan.id[:8]}.json", file, "the plan was written to")


def worked_out(state: PlannerState) -> Previewed:
    """Return what the policy of a state does; what depends on the rows alone is made once."""
    subject = state.subject
    view, context = subject.browsing.view, subject.context
    scope = Scope(view.snapshots, view.selection.matching, view.selection.unjudged)
    histories = state.histories or Histories(scope, state.by, subject.now)
    judge, refusable = subject.marking_judge(), subject.refusable
    preview = Preview(histories, state.policy, context, refusal=judge, refusable=refusable)
    preview.slice(0, state.rows)  # sorts the groups here and not where keys are waited for
    return Previewed(subject, preview)
