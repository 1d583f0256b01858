"""`snaptui --plain`: list, mark, review, delete, take back, line by line; for screen readers and dumb terminals."""

import asyncio
import re
import time
from argparse import Namespace
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from typing import Final
from uuid import uuid4

from snaptui.cli import plain_words
from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.opened import Opened, open_account, read_account
from snaptui.cli.plain_deletions import PlainDeletions
from snaptui.cli.plain_lines import Lines
from snaptui.cli.wiring import Parts, wired
from snaptui.deletion.guards import Guards
from snaptui.deletion.plan import Plan
from snaptui.inventory.view import View
from snaptui.model.snapshot import Snapshot
from snaptui.query import Query, QueryContext, QueryError, parse
from snaptui.text.amounts import count, usd_per_month
from snaptui.text.safe import visible

PAGE_ROWS: Final = 20
QUIT: Final = frozenset({"quit", "q", "exit"})
_RANGE: Final = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?")


Act = Callable[[str], Awaitable[None]]


def run(options: Namespace) -> int:
    """Read the account, or a saved listing, then do what is typed until `quit` or the end of input."""
    if options.open is not None:
        return asyncio.run(_look(open_account(options), options.filter))
    with wired(options) as parts:
        print("Loading the account.", flush=True)
        opened = read_account(parts, replaces=False)
        return asyncio.run(_converse(parts, opened, options.filter))


async def _look(opened: Opened, text: str) -> int:
    return await PlainBrowser(opened, Lines()).run(text)


async def _converse(parts: Parts, opened: Opened, text: str) -> int:
    async with aclosing(parts.client(parts.need_token())) as client:
        lines = Lines()
        browser = PlainBrowser(opened, lines)
        browser.deletions = PlainDeletions(parts, opened, client, lines, browser.guards, browser.context)
        try:
            await browser.deletions.earlier.settle()
            return await browser.run(text)
        except asyncio.CancelledError:
            await browser.deletions.interrupt()
            raise


class PlainBrowser:
    """Browser without a screen, with the same plan, guards, queue and journal.

    Without `deletions`, as on a saved listing, nothing can be deleted.
    """

    deletions: PlainDeletions | None = None

    def __init__(self, opened: Opened, lines: Lines) -> None:
        settings = opened.settings
        self._opened = opened
        self._lines = lines
        self.guards = Guards(settings.read_only.value, settings.protect.value, settings.max_batch.value)
        self._query = Query()
        self._shown: list[Snapshot] = []
        self._next = 0
        self._marked: dict[str, Snapshot] = {}

    def context(self) -> QueryContext:
        """Return the facts that queries and protection rules are judged by."""
        opened = self._opened
        return QueryContext(
            opened.now,
            marked=frozenset(self._marked),
            places=opened.snapshots.places,
            sources=opened.listing.sources,
            usd_per_gb_month=opened.settings.price_per_gb_month.value,
        )

    async def run(self, text: str) -> int:
        """Converse; returns the exit code."""
        if (shortfall := self._opened.listing.coverage.shortfall) is not None:
            print(f"The list is incomplete: {visible(shortfall)}")
        await self._list(text)
        commands = self._commands()
        while (line := await self._lines.ask("> ")) is not None:
            word, _, rest = line.partition(" ")
            if word in QUIT and (self.deletions is None or self.deletions.may_leave()):
                break
            if word in commands:
                if self.deletions is not None:
                    self.deletions.stay()
                await commands[word](rest.strip())
            elif word and word not in QUIT:
                print(f"{visible(word)} is no command here; help tells them all")
        failed = self.deletions is not None and await self.deletions.close()
        return ExitCode.NOT_ALL_DELETED if failed else ExitCode.FINE

    def _commands(self) -> Mapping[str, Act]:
        looking: dict[str, Act] = {
            "list": self._list, "next": self._more, "n": self._more, "mark": self._mark, "unmark": self._unmark,
            "marks": self._marks, "show": self._show, "delete": self._delete, "help": self._help,
        }  # fmt: skip
        if (it := self.deletions) is None:
            return looking
        return looking | {
            "back": it.take_back, "pause": it.pause, "continue": it.go_on, "cancel": it.cancel, "retry": it.retry,
            "status": it.say_status, "resume": it.earlier.resume, "forget": it.earlier.forget,
        }  # fmt: skip

    # Looking

    async def _list(self, text: str) -> None:
        try:
            self._query = parse(text)
        except QueryError as error:
            print(visible(str(error)))
            return
        view = View.of(self._opened.snapshots, self._query, self._opened.settings.sort.value, self.context())
        gone = self.deletions.gone_ids if self.deletions is not None else frozenset[str]()
        self._shown = [row for row in view.slice(0, len(view)) if row.id not in gone]
        self._next = 0
        total, cost = len(self._opened.snapshots), usd_per_month(view.totals.monthly_usd)
        print(f"{len(self._shown):,} of {count(total, 'snapshot')}, {cost}")
        if (unjudged := view.selection.shortfall) is not None:
            print(visible(unjudged))
        await self._more("")

    async def _more(self, _rest: str) -> None:
        context, believed_until = self.context(), self._opened.snapshots.believed_until
        judge = self.guards.judge(context)
        page = self._shown[self._next : self._next + PAGE_ROWS]
        for number, snapshot in enumerate(page, self._next + 1):
            refused = judge(snapshot) is not None
            print(plain_words.row(number, snapshot, context, believed_until, refused=refused))
        self._next += len(page)
        left = len(self._shown) - self._next
        print(f"next shows {min(left, PAGE_ROWS)} more of {left:,}" if left else "That is the end of the list.")

    async def _show(self, rest: str) -> None:
        for snapshot in self._named(rest):
            print("\n".join(plain_words.everything(snapshot)))

    def _named(self, rest: str) -> Sequence[Snapshot]:
        """Return the snapshots of the numbers `1 3-7` or `all`; says which there are not."""
        if rest == "all":
            return self._shown
        found: dict[str, Snapshot] = {}
        for word in rest.replace(",", " ").split():
            match = _RANGE.fullmatch(word)
            first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
            if not 1 <= first <= last <= len(self._shown):
                print(f"{visible(word)} is no number of the list")
                return ()
            found.update((snapshot.id, snapshot) for snapshot in self._shown[first - 1 : last])
        if not found:
            print("give the numbers in the list, such as 1 3-7, or all")
        return list(found.values())

    # Marking

    async def _mark(self, rest: str) -> None:
        judge = self.guards.judge(self.context())
        busy = self.deletions.ids_in_unfinished if self.deletions is not None else frozenset[str]()
        for snapshot in self._named(rest):
            refusal = "is being deleted" if snapshot.id in busy else judge(snapshot)
            if refusal is None:
                self._marked[snapshot.id] = snapshot
            else:
                print(f"refused: {visible(snapshot.name)}: {visible(refusal)}")
        print(f"{len(self._marked):,} marked")

    async def _unmark(self, rest: str) -> None:
        for snapshot in self._named(rest) if rest != "all" else list(self._marked.values()):
            self._marked.pop(snapshot.id, None)
        print(f"{len(self._marked):,} marked")

    async def _marks(self, _rest: str) -> None:
        for snapshot in self._marked.values():
            print(f"{visible(snapshot.name)}, id {visible(snapshot.id)}")
        print(f"{len(self._marked):,} marked")

    # Deleting

    async def _delete(self, _rest: str) -> None:
        deletions = self.deletions
        if deletions is None:
            print("This is a saved listing, read without any request: nothing can be deleted.")
        elif self.guards.read_only:
            print(f"read-only ({self._opened.settings.read_only.origin}): nothing can be deleted")
        elif not self._marked:
            print("nothing is marked: mark N marks by the numbers in the list")
        elif await deletions.review.confirmed(plan := self._plan()) and deletions.submit(plan):
            self._marked.clear()

    def _plan(self) -> Plan:
        listing, items = self._opened.listing, tuple(self._marked.values())
        shown = {snapshot.id for snapshot in self._shown}
        hidden = sum(snapshot.id not in shown for snapshot in items)
        return Plan(uuid4().hex, time.time(), listing.api_url, listing.account, str(self._query), items, hidden)

    async def _help(self, _rest: str) -> None:
        print(plain_words.HELP)
