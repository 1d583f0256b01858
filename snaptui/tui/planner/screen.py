"""The keep policy screen: numbers are typed, and what stays and goes shows at once. It deletes nothing itself."""

import asyncio
from collections.abc import Iterator
from typing import ClassVar, Final
from uuid import uuid4

from msgspec.structs import replace
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.events import Resize
from textual.message import Message
from textual.widgets import Input

from snaptui.audit.histories import Histories, Scope
from snaptui.audit.preview import Preview
from snaptui.deletion.plan import Plan
from snaptui.report.retention import plan_of
from snaptui.text.lines import Line, Piece, line
from snaptui.tui.audit.words import keys_line
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.browse.words import account_line, list_line
from snaptui.tui.deletions.bar import DeletionBar
from snaptui.tui.deletions.covering_screen import TAKE_BACK, Covering
from snaptui.tui.keys.command import Command, Commands, Declared, Group
from snaptui.tui.planner import words
from snaptui.tui.planner.state import FIELDS, PlannerState, cannot_apply, cannot_write, no_policies
from snaptui.tui.saving import save_here
from snaptui.tui.widgets.lines import Lines

FARTHEST: Final = 1_000_000_000
_LONG: Final = ("within", "tags")


class Previewed(Message):
    """A policy has been worked out; `policy` is the one, so that a later one is not overwritten."""

    def __init__(self, histories: Histories, preview: Preview) -> None:
        super().__init__()
        self.histories = histories
        self.preview = preview


class Number(Input):
    """A field of the policy: Enter and Esc give the keys back to the list."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "back to the list", show=False)]

    def action_leave(self) -> None:
        """Give the keys to the list."""
        self.screen.set_focus(None)


class PlannerScreen(Covering[Plan]):
    """Shows what a policy does to what the filter shows; its answer is the plan to be marked and reviewed."""

    AUTO_FOCUS: ClassVar[str] = ""

    def __init__(self, subject: BrowseState) -> None:
        super().__init__()
        self._state = PlannerState(subject, subject.auditing.policies)
        self._said: Line = ()

    def compose(self) -> ComposeResult:
        """Put the fields above the list."""
        yield Lines(id="planner-top")
        with Horizontal(classes="fields"):
            yield from self._fields(FIELDS[:6])
        with Horizontal(classes="fields"):
            yield from self._fields(FIELDS[6:])
            yield Lines(id="planner-by")
        yield Lines(id="planner-sum")
        yield Lines(id="planner-list")
        yield Lines(id="planner-said")
        yield DeletionBar()
        yield Lines(id="planner-keys")

    def _fields(self, names: tuple[str, ...]) -> ComposeResult:
        for name in names:
            label = Lines(id=f"label-{name}")
            label.styles.width = len(name) + 2
            yield label
            typed = Number(self._state.texts.get(name, ""), id=f"keep-{name}", compact=True)
            typed.styles.width = 16 if name in _LONG else 5
            typed.cursor_blink = False
            yield typed

    def on_mount(self) -> None:
        """Work out the first policy."""
        for name in FIELDS:
            self.query_one(f"#label-{name}", Lines).show([line(Piece(f" {name} ", "dim"))])
        self._write()
        self._work_out()

    def on_resize(self, _event: Resize) -> None:
        """Write everything for the new size."""
        self._write()

    def bar_moved(self) -> None:
        """Write everything for one line more or less."""
        self._write()

    @work(exclusive=True, group="preview")
    async def _work_out(self) -> None:
        state = self._state
        if not state.problem:
            self.post_message(await asyncio.to_thread(worked_out, state))

    @on(Previewed)
    def _previewed(self, event: Previewed) -> None:
        state = self._state
        if not state.problem and event.preview.policy == state.policy and event.histories.by is state.by:
            fresh = replace(state, histories=event.histories, preview=event.preview)
            self._become(fresh.moved_to(state.cursor))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        name = (event.input.id or "").removeprefix("keep-")
        if self._state.texts.get(name, "") != event.value:
            self._said = ()
            self._become(self._state.typed(name, event.value))
            self._work_out()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.set_focus(None)

    def _become(self, state: PlannerState) -> None:
        self._state = state
        self._write()

    def say_dropped(self, text: str) -> None:
        """Say what was typed and did nothing."""
        self._said = line(Piece(f" ✗ {text}", "warn"))
        self._write()

    def _write(self) -> None:
        width, height = self.app.size.width, self.app.size.height - self.query_one(DeletionBar).height
        self._state = replace(self._state, rows=max(1, height - 8))
        subject = self._state.subject
        by = line(Piece("   by ", "dim"), Piece(words.BY[self._state.by], "strong"), Piece("  b", "key"))
        shown = {
            "top": [account_line(subject.connection, width), list_line(subject, width)],
            "by": [by],
            "sum": words.sum_lines(self._state, width),
            "list": words.list_lines(self._state, width),
            "said": [self._said],
        }
        for name, lines in shown.items():
            self.query_one(f"#planner-{name}", Lines).show(lines)
        hints = [(command.printed.split(" ")[0], command.hint) for command in self.DECLARED if command.hint]
        self.query_one("#planner-keys", Lines).show([keys_line(hints, width)])

    # What the keys do

    @property
    def commands(self) -> Iterator[Declared]:
        """What the keys do."""
        return iter(self.DECLARED)

    def action_command(self, key: str) -> None:
        """Do what a key stands for, or say why that cannot be done."""
        self._said = ()
        if reason := self.DECLARED.run(key, self, self._state):
            self.say_dropped(reason)

    def move(self, lines: int) -> None:
        """Move the cursor."""
        self._become(self._state.moved_to(self._state.cursor + lines))

    def move_pages(self, pages: int) -> None:
        """Turn pages."""
        self.move(pages * self._state.rows)

    def group_next(self) -> None:
        """Group by something else."""
        self._become(self._state.grouped_next())
        self._work_out()

    def next_policy(self) -> None:
        """Take the next policy of the settings into the fields."""
        self._become(self._state.with_next_policy())
        for name in FIELDS:
            with self.prevent(Input.Changed):
                self.query_one(f"#keep-{name}", Number).value = self._state.texts.get(name, "")
        self._work_out()

    def _plan(self) -> Plan | None:
        subject, preview = self._state.subject, self._state.preview
        if preview is None:
            return None
        connection = subject.connection
        return plan_of(preview, uuid4().hex, subject.now, connection.api_url, connection.account, subject.text)

    def apply(self) -> None:
        """Give the plan back, to be marked and reviewed."""
        if plan := self._plan():
            self.dismiss(plan)

    def write_plan(self) -> None:
        """Write the plan to the current folder."""
        if plan := self._plan():
            self._said = save_here(f"snaptui-plan-{plan.id[:8]}.json", plan.to_json(), "the plan was written to")
            self._write()

    DECLARED: ClassVar[Commands["PlannerScreen", PlannerState]] = Commands(
        Command("j,down", lambda it: it.move(1), "down", Group.MOVE),
        Command("k,up", lambda it: it.move(-1), "up", Group.MOVE),
        Command("],pagedown,ctrl+f", lambda it: it.move_pages(1), "next page", Group.MOVE),
        Command("[,pageup,ctrl+b", lambda it: it.move_pages(-1), "page before", Group.MOVE),
        Command("g,home", lambda it: it.move(-FARTHEST), "first", Group.MOVE),
        Command("G,end", lambda it: it.move(FARTHEST), "last", Group.MOVE),
        Command("tab", lambda it: it.focus_next("Number"), "to the numbers; Esc comes back", Group.AUDIT, "numbers"),
        Command("b", group_next, "group by source, name family, tags, nothing", Group.AUDIT, "group by"),
        Command("P", next_policy, "the next policy of the settings", Group.AUDIT, obstacle=no_policies),
        Command("enter", apply, "mark what goes and review it", Group.DELETE, "mark and review", cannot_apply),
        TAKE_BACK,
        Command("w", write_plan, "write what goes as a plan", Group.DELETE, "write the plan", cannot_write),
        Command("escape,q,K", lambda it: it.dismiss(), "back; nothing happens", Group.PROGRAM, "back"),
    )
    BINDINGS: ClassVar[list[BindingType]] = DECLARED.bindings


def worked_out(state: PlannerState) -> Previewed:
    """Return what the policy of a state does; what depends on the rows alone is made once."""
    subject = state.subject
    view, context = subject.browsing.view, subject.context
    scope = Scope(view.snapshots, view.selection.matching, view.selection.unjudged)
    histories = state.histories or Histories(scope, state.by, subject.now)
    return Previewed(histories, Preview(histories, state.policy, context, refusal=subject.marking_judge()))
