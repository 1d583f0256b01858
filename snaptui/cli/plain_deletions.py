"""Deletions of the line-oriented browser: the guards, the plan, the queue and the journal are those of the screen."""

from collections.abc import Callable
from typing import Final

from snaptui.cli import plain_words
from snaptui.cli.opened import Opened
from snaptui.cli.plain_lines import Lines
from snaptui.cli.wiring import Parts
from snaptui.deletion import recovery
from snaptui.deletion.batch import ImpossibleError
from snaptui.deletion.guards import Guards
from snaptui.deletion.journal import JournalError
from snaptui.deletion.plan import Plan
from snaptui.deletion.queue import DeletionQueue, RefusedPlanError, gone_ids, unfinished
from snaptui.deletion.states import State
from snaptui.deletion.warnings import warnings_for
from snaptui.digitalocean.client.protocol import ApiClient
from snaptui.query import QueryContext
from snaptui.text.amounts import count
from snaptui.text.safe import visible

LARGE_PHRASE: Final = "delete them all"


class PlainDeletions:
    """The queue of a session, and what is said of it."""

    def __init__(
        self,
        parts: Parts,
        opened: Opened,
        client: ApiClient,
        lines: Lines,
        guards: Guards,
        context: Callable[[], QueryContext],
    ) -> None:
        self._parts = parts
        self._opened = opened
        self._lines = lines
        self._guards = guards
        seconds = parts.settings.grace_seconds.value
        self._queue = DeletionQueue(
            client, parts.journal, guards, context=context, changed=self._tell, grace_seconds=seconds
        )
        self._told: set[str] = set()
        self._leaving = False

    @property
    def gone_ids(self) -> frozenset[str]:
        """The ids of what this session found or made gone."""
        return gone_ids(self._queue.batches)

    @property
    def ids_in_unfinished(self) -> frozenset[str]:
        """The ids of what was confirmed and has no outcome yet."""
        return self._queue.ids_in_unfinished

    def say_interrupted(self) -> None:
        """Say which deletions of an earlier run are open: the screen settles them."""
        listing = self._opened.listing
        try:
            ours = recovery.find(self._parts.journal, listing.api_url, listing.account)
        except JournalError as error:
            print(visible(str(error)))
            return
        for said in ours.said:
            print(visible(said))
        for recorded, file in ours.batches:
            file.close()
            number = count(len(recorded.plan.items) if recorded.plan else 0, "snapshot")
            print(f"A deletion of {number} was interrupted; snaptui without --plain settles what became of it.")

    async def confirmed(self, plan: Plan) -> bool:
        """Return whether every answer was typed, after everything that speaks against it was said."""
        images = self._opened.listing.autoscale_images
        sources = self._opened.listing.sources
        snapshots, rules = self._opened.snapshots, self._guards.protect
        warnings = warnings_for(plan.items, snapshots, sources, images, self._opened.now, rules)
        print(plain_words.review(plan, warnings, self._cautions(plan), snapshots.usd_per_gb_month))
        for question, answer in self._questions(plan):
            if await self._lines.ask_seriously(question) != answer:
                print("Nothing was deleted.")
                return False
        return True

    def _cautions(self, plan: Plan) -> list[str]:
        listing, cautions = self._opened.listing, []
        if listing.coverage.shortfall:
            cautions.append(f"the list is incomplete: {listing.coverage.shortfall}")
        if listing.autoscale_images is None:
            cautions.append("whether autoscale pools use any of them could not be read")
        if plan.hidden_by_filter:
            cautions.append(f"{plan.hidden_by_filter} of them are not in the list shown")
        return cautions

    def _questions(self, plan: Plan) -> list[tuple[str, str]]:
        wanted = str(len(plan.items))
        questions = [(f"There is no undo after the grace time. Type {wanted} to delete: ", wanted)]
        if plan.account is None:
            questions.append(("Whose account it is, is not proven. Type not proven to go on: ", "not proven"))
        if len(plan.items) > self._guards.max_batch:
            questions.append((f"So many? Then type {LARGE_PHRASE}: ", LARGE_PHRASE))
        return questions

    def submit(self, plan: Plan) -> bool:
        """Begin a confirmed plan; false, and why is said, if it cannot be begun."""
        unproven = plan.account is None
        try:
            self._queue.submit(plan, listed=len(self._opened.snapshots), unproven_account_confirmed=unproven)
        except RefusedPlanError as error:
            print(visible(str(error)))
            return False
        seconds = self._parts.settings.grace_seconds.value
        print(f"Deleting {count(len(plan.items), 'snapshot')} in {seconds:g} seconds; back takes all of it back.")
        return True

    async def take_back(self, _rest: str) -> None:
        """Take the newest batch back of which nothing was sent."""
        batch = self._queue.next_to_take_back
        if batch is None:
            print("Nothing can be taken back: there is no batch of which nothing was sent.")
            return
        try:
            await self._queue.take_back(batch.id)
        except ImpossibleError as error:
            print(visible(str(error)))
        else:
            print(f"{count(len(batch.items), 'snapshot')} taken back; nothing was sent.")

    async def say_status(self, _rest: str) -> None:
        """Say how every batch stands."""
        for batch in self._queue.batches:
            print(plain_words.standing(batch))
        if not self._queue.batches:
            print("Nothing was confirmed yet.")

    def _tell(self) -> None:
        for batch in self._queue.batches:
            for line in plain_words.outcomes(batch, self._told):
                print(line, flush=True)
            if batch.state is State.ENDED and batch.id not in self._told:
                self._told.add(batch.id)
                print(plain_words.standing(batch), flush=True)

    def stay(self) -> None:
        """Forget that leaving was asked for."""
        self._leaving = False

    def may_leave(self) -> bool:
        """Return whether to leave: at the second time, if deletions are unfinished."""
        left = unfinished(self._queue.batches)
        if not left or self._leaving:
            return True
        self._leaving = True
        print(f"{count(left, 'deletion')} not finished would be cancelled; quit once more leaves all the same")
        return False

    async def close(self) -> bool:
        """Stop, say the last outcomes, and return whether anything that was confirmed is not gone."""
        await self._queue.close()
        self._tell()
        return any(batch.failed for batch in self._queue.batches)
