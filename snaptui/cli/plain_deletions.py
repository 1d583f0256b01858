"""Deletions of the line-oriented browser: the guards, the plan, the queue and the journal are those of the screen."""

from collections.abc import Callable, Coroutine

from snaptui.cli import plain_words
from snaptui.cli.opened import Opened
from snaptui.cli.plain_earlier import EarlierDeletions
from snaptui.cli.plain_lines import Lines
from snaptui.cli.plain_review import PlainReview
from snaptui.cli.wiring import Parts
from snaptui.cli.working import interrupted
from snaptui.deletion.batch import Batch, ImpossibleError
from snaptui.deletion.guards import Guards
from snaptui.deletion.items import Items
from snaptui.deletion.plan import Plan
from snaptui.deletion.queue import DeletionQueue, RefusedPlanError, gone_ids, unfinished
from snaptui.deletion.states import Event, State
from snaptui.digitalocean.client.protocol import ApiClient
from snaptui.query import QueryContext
from snaptui.text.amounts import count
from snaptui.text.safe import visible


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
        self._opened = opened
        self._grace_seconds = seconds = parts.settings.grace_seconds.value
        self._queue = DeletionQueue(
            client, parts.journal, guards, context=context, changed=self._tell, grace_seconds=seconds
        )
        self.review = PlainReview(opened, lines, guards)
        self.earlier = EarlierDeletions(parts, opened, client, lines, self._queue, self.review)
        self._told: dict[str, Items] = {}
        """By batch, its items when they were told last."""
        self._ended: set[str] = set()
        self._leaving = False

    @property
    def gone_ids(self) -> frozenset[str]:
        """The ids of what this session found or made gone."""
        return gone_ids(self._queue.batches)

    @property
    def ids_in_unfinished(self) -> frozenset[str]:
        """The ids of what was confirmed and has no outcome yet."""
        return self._queue.ids_in_unfinished

    def submit(self, plan: Plan) -> bool:
        """Begin a confirmed plan; false, and why is said, if it cannot be begun."""
        unproven = plan.account is None
        try:
            self._queue.submit(plan, listed=len(self._opened.snapshots), unproven_account_confirmed=unproven)
        except RefusedPlanError as error:
            print(visible(str(error)))
            return False
        print(plain_words.begun(len(plan.items), self._grace_seconds))
        return True

    async def take_back(self, rest: str) -> None:
        """Take back the batch that was confirmed last, and no other in its place; or the one of a number.

        Once that one is taken back, the next that can be is meant.
        """
        batches = self._queue.batches
        meant = self._queue.meant_to_take_back(batches[-1].id) if batches else None
        batch = self._chosen(rest, Event.TAKE_BACK, "Nothing can be taken back", meant)
        if batch is not None and await self._done(self._queue.take_back(batch.id)):
            print(f"{count(len(batch.items), 'snapshot')} taken back; nothing was sent.")

    async def pause(self, rest: str) -> None:
        """Send nothing more of a batch until it goes on."""
        if (batch := self._chosen(rest, Event.PAUSE, "Nothing can be paused")) is not None:
            await self._done(self._queue.pause(batch.id))

    async def go_on(self, rest: str) -> None:
        """Go on with a batch that was paused."""
        if (batch := self._chosen(rest, Event.RESUME, "Nothing is paused")) is not None:
            print(plain_words.standing(self._queue.resume(batch.id)))

    async def cancel(self, rest: str) -> None:
        """Send nothing more of a batch."""
        if (batch := self._chosen(rest, Event.CANCEL, "Nothing can be cancelled")) is not None:
            await self._done(self._queue.cancel(batch.id))

    async def retry(self, rest: str) -> None:
        """Try again what failed of a batch, looked at again."""
        if (batch := self._chosen(rest, Event.RETRY, "Nothing can be tried again")) is not None:
            try:
                print(plain_words.begun(len(self._queue.retry(batch.id).items), self._grace_seconds))
            except (ImpossibleError, RefusedPlanError) as error:
                _print(str(error))

    def _chosen(self, rest: str, event: Event, none: str, meant: Batch | None = None) -> Batch | None:
        """Return the batch of a number in `status`, else what is meant, else the newest with which it can be done.

        Says why there is none.
        """
        batches = self._queue.batches
        if rest and not (rest.isascii() and rest.isdecimal() and 1 <= int(rest) <= len(batches)):
            _print(f"{rest} is no number of status")
            return None
        named = batches[int(rest) - 1] if rest else meant
        chosen = [batch for batch in batches if batch.may(event)] if named is None else [named]
        if chosen and chosen[-1].may(event):
            return chosen[-1]
        why = chosen[-1].why_not(event) if chosen else batches[-1].why_not(event) if batches else None
        _print(f"{none}: {why or 'nothing was confirmed yet'}.")
        return None

    async def _done(self, asked: Coroutine[None, None, Batch]) -> bool:
        try:
            batch = await asked
        except ImpossibleError as error:
            _print(str(error))
            return False
        if batch.state is not State.ENDED:  # the end is told of by itself
            print(plain_words.standing(batch))
        return True

    async def say_status(self, _rest: str) -> None:
        """Say how every batch stands."""
        for number, batch in enumerate(self._queue.batches, 1):
            print(f"{number}. {plain_words.standing(batch)}")
        if not self._queue.batches:
            print("Nothing was confirmed yet.")

    def _tell(self) -> None:
        for batch in self._queue.batches:
            told, self._told[batch.id] = self._told.get(batch.id), batch.items
            for line in plain_words.outcomes(batch.items, told):
                print(line, flush=True)
            if batch.state is State.ENDED and batch.id not in self._ended:
                self._ended.add(batch.id)
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

    async def interrupt(self) -> None:
        """Send nothing more, say how each item stands, and leave what is open to the next start."""
        busy = self._queue.busy
        await self._queue.close(cancel=False)
        self._tell()
        if busy:
            _print(f"\n{interrupted(self._queue.batches)}")

    async def close(self) -> bool:
        """Stop, say the last outcomes, and return whether anything that was confirmed is not gone."""
        await self._queue.close()
        self._tell()
        self.earlier.close()
        return any(batch.failed for batch in self._queue.batches)


def _print(text: str) -> None:
    print(visible(text))
