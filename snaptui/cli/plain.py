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
from snaptui.cli.opened import Opened, read_account
from snaptui.cli.plain_deletions import PlainDeletions
from snaptui.cli.plain_lines import Lines
from snaptui.cli.wiring import Parts, wired
from snaptui.deletion.guards import Guards
from snaptui.deletion.plan import Plan
from snaptui.digitalocean.client.protocol import ApiClient
from snaptui.inventory.view import View
from snaptui.model.snapshot import Snapshot
from snaptui.query import Query, QueryContext, QueryError, parse
from snaptui.text.amounts import count, usd_per_month
from snaptui.text.safe import visible

PAGE_ROWS: Final = 20
_RANGE: Final = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?")


def run(options: Namespace) -> int:
    """Read the account, then do what is typed until `quit` or the end of input."""
    with wired(options) as parts:
        opened = read_account(parts)
        return asyncio.run(_converse(parts, opened, options.filter))


async def _converse(parts: Parts, opened: Opened, text: str) -> int:
    async with aclosing(parts.client(parts.need_token())) as client:
        browser = PlainBrowser(parts, opened, client, Lines())
        return await browser.run(text)


class PlainBrowser:
    """Browser without a screen, with the same plan, guards, queue and journal."""

    def __init__(self, parts: Parts, opened: Opened, client: ApiClient, lines: Lines) -> None:
        settings = parts.settings
        self._parts = parts
        self._opened = opened
        self._lines = lines
        self._guards = Guards(settings.read_only.value, settings.protect.value, settings.max_batch.value)
        self._deletions = PlainDeletions(parts, opened, client, lines, self._guards, self._context)
        self._query = Query()
        self._shown: list[Snapshot] = []
        self._next = 0
        self._marked: dict[str, Snapshot] = {}

    def _context(self) -> QueryContext:
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
        self._deletions.say_interrupted()
        await self._list(text)
        commands: Mapping[str, Callable[[str], Awaitable[None]]] = {
            "list": self._list, "next": self._more, "n": self._more, "mark": self._mark, "unmark": self._unmark,
            "marks": self._marks, "show": self._show, "delete": self._delete, "back": self._deletions.take_back,
            "status": self._deletions.say_status, "help": self._help,
        }  # fmt: skip
        while (line := await self._lines.ask("> ")) is not None:
            word, _, rest = line.partition(" ")
            if word == "quit" and self._deletions.may_leave():
                break
            if word in commands:
                self._deletions.stay()
                await commands[word](rest.strip())
            elif word and word != "quit":
                print(f"{visible(word)} is no command; help tells them all")
        return ExitCode.NOT_ALL_DELETED if await self._deletions.close() else ExitCode.FINE

    # Looking

    async def _list(self, text: str) -> None:
        try:
            self._query = parse(text)
        except QueryError as error:
            print(f"{visible(str(error))}, at character {error.position + 1}")
            return
        view = View.of(self._opened.snapshots, self._query, self._parts.settings.sort.value, self._context())
        gone = self._deletions.gone_ids
        self._shown = [row for row in view.slice(0, len(view)) if row.id not in gone]
        self._next = 0
        total, cost = len(self._opened.snapshots), usd_per_month(view.totals.monthly_usd)
        print(f"{len(self._shown):,} of {count(total, 'snapshot')}, {cost}")
        if (unjudged := view.selection.shortfall) is not None:
            print(visible(unjudged))
        await self._more("")

    async def _more(self, _rest: str) -> None:
        context, believed_until = self._context(), self._opened.snapshots.believed_until
        judge = self._guards.judge(context)
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
        judge, busy = self._guards.judge(self._context()), self._deletions.ids_in_unfinished
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
        if self._guards.read_only:
            print(f"read-only ({self._parts.settings.read_only.origin}): nothing can be deleted")
        elif not self._marked:
            print("nothing is marked: mark N marks by the numbers in the list")
        elif await self._deletions.confirmed(plan := self._plan()) and self._deletions.submit(plan):
            self._marked.clear()

    def _plan(self) -> Plan:
        listing, items = self._opened.listing, tuple(self._marked.values())
        shown = {snapshot.id for snapshot in self._shown}
        hidden = sum(snapshot.id not in shown for snapshot in items)
        return Plan(uuid4().hex, time.time(), listing.api_url, listing.account, str(self._query), items, hidden)

    async def _help(self, _rest: str) -> None:
        print(plain_words.HELP)
