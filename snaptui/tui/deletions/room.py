"""Deletions of the application: the queue, batches that an earlier run left open, and news of both to the screen."""

from collections import deque
from collections.abc import Callable
from functools import partial

from textual.app import App

from snaptui.deletion.batch import ImpossibleError
from snaptui.deletion.batch_file import BatchFile, JournalError
from snaptui.deletion.journal_lines import Recorded
from snaptui.deletion.plan import Plan
from snaptui.deletion.queue import DeletionQueue, RefusedPlanError, gone_ids, unfinished
from snaptui.deletion.recovery import Interrupted, close, find_aside, settle
from snaptui.deletion.states import Event
from snaptui.digitalocean.process.remote import RemoteClient
from snaptui.model.account import Account
from snaptui.text.amounts import count
from snaptui.text.lines import problem_line, success_line
from snaptui.tui.browse.loading import STEP_SECONDS
from snaptui.tui.browse.screen import BrowseScreen
from snaptui.tui.deletions.interrupted import Choice, InterruptedScreen
from snaptui.tui.deletions.messages import BatchesChanged, BatchRefused, SnapshotsGone
from snaptui.tui.deletions.standing import Standing
from snaptui.tui.deletions.undisturbed import undisturbed
from snaptui.tui.review.screen import ReviewDeletionScreen
from snaptui.tui.review.words import Review
from snaptui.tui.session import Session


class Deleting:
    """Deletions with one client; lives as long as the client."""

    def __init__(
        self,
        app: App[int],
        browse: BrowseScreen,
        session: Session,
        client: RemoteClient,
        clock: Callable[[], float],
    ) -> None:
        self._app = app
        self._browse = browse
        self._session = session
        self._client = client
        self._clock = clock
        self._report_due = False
        self._closed = False
        self._gone: frozenset[str] = frozenset()
        self._looked_at: float | None = None
        """When the list was loaded in which `_gone` was looked for last."""
        self._read_since: set[str] = set()
        """The ids of snapshots that were read one by one: an answer from before its DELETE puts one back."""
        if browse.is_running:  # else the program is ending, and nothing is to be told
            app.screen_change_signal.subscribe(browse, lambda _: self.report(), immediate=True)
        self.queue = DeletionQueue(
            client,
            session.journal,
            browse.state.guards,
            clock=clock,
            context=lambda: browse.state.context_at(clock()),
            changed=self._soon,
            grace_seconds=session.settings.grace_seconds.value,
        )

    @property
    def unfinished(self) -> int:
        """The number of snapshots that have been confirmed and not been deleted yet."""
        return unfinished(self.queue.batches)

    @property
    def failed(self) -> bool:
        """True when anything that was confirmed still exists, or may."""
        return any(batch.failed for batch in self.queue.batches)

    def submit(self, plan: Plan) -> None:
        """Delete what was confirmed, or say why not."""
        try:
            # Whoever confirmed a plan in the review typed so many words for an account that is not proven.
            unproven = plan.account is None
            self.queue.submit(plan, listed=len(self._browse.state.snapshots), unproven_account_confirmed=unproven)
        except RefusedPlanError as error:
            self._refuse(f"nothing was deleted: {error}")
        self.report()

    async def take_back(self, shown_id: str) -> None:
        """Take back the batch that was shown as the next that can be, or say that it has begun since."""
        batch = self.queue.meant_to_take_back(shown_id)
        if batch is not None:
            await self.ask(batch.id, Event.TAKE_BACK)

    async def ask(self, batch_id: str, event: Event) -> None:
        """Do what the user asks of a batch, or say why not; returns when the answer is final."""
        batch = self.queue.find(batch_id)
        reason = "it is no deletion with this token" if batch is None else batch.why_not(event)
        if reason is not None:
            self._refuse(reason)
            return
        self._soon()  # that it was asked is shown before it is done
        try:
            match event:
                case Event.TAKE_BACK:
                    await self.queue.take_back(batch_id)
                case Event.CANCEL:
                    await self.queue.cancel(batch_id)
                case Event.PAUSE:
                    await self.queue.pause(batch_id)
                case Event.RESUME:
                    self.queue.resume(batch_id)
                case Event.RETRY:
                    self.queue.retry(batch_id)
        except (ImpossibleError, RefusedPlanError) as error:
            self._refuse(str(error))
        self.report()

    def _refuse(self, reason: str) -> None:
        self._app.screen.post_message(BatchRefused(reason))

    async def close(self, *, cancel: bool = True) -> None:
        """Send nothing more and tell nothing more: the rest is cancelled, or left to the next start."""
        self._closed = True
        await self.queue.close(cancel=cancel)

    def _soon(self) -> None:
        """Tell the screens, at most twice a second."""
        if not self._report_due and not self._closed:
            self._report_due = True
            self._app.set_timer(STEP_SECONDS, self._report_now)

    def _report_now(self) -> None:
        self._report_due = False
        self.report()

    def report(self) -> None:
        """Tell every screen how the batches stand, and go on telling it while any is open."""
        if self._closed:
            return
        price, now = self._browse.state.usd_per_gb_month, self._clock()
        waiting = "" if self._client.wait is None else self._client.wait.told(now)
        standings = tuple(Standing(each, self.queue.progress(each.id, price), waiting) for each in self.queue.batches)
        if any(each.open for each in standings):
            self._soon()  # countdown and rate go on without anything ending
        for screen in self._app.screen_stack:
            screen.post_message(BatchesChanged(standings, now))
        self._tell_what_is_gone()

    def was_read(self, snapshot_id: str) -> None:
        """Record that a snapshot was read by itself, which may have put it back into the list."""
        self._read_since.add(snapshot_id)
        self._soon()

    def _tell_what_is_gone(self) -> None:
        """Tell the list what it has to lose; what it has lost comes back with a new one, or when it is read."""
        state, gone = self._browse.state, gone_ids(self.queue.batches)
        anew = not state.coverage.finished or state.loaded_at != self._looked_at
        sought = gone if anew else (gone - self._gone) | (gone & self._read_since)
        self._looked_at, self._gone = state.loaded_at, gone
        if any(snapshot_id in state.snapshots for snapshot_id in sought):
            self._browse.post_message(SnapshotsGone(gone))

    async def recover(self, account: Account | None) -> None:
        """Settle what an earlier run of snaptui left open in this account, and offer the rest."""
        if self._session.settings.read_only.value:
            return
        url = self._session.settings.api_url.value
        try:
            ours = await find_aside(self._session.journal, url, account)
        except JournalError as error:
            self._browse.say(problem_line(str(error)))
            return
        for said in ours.said:
            self._browse.say(problem_line(said))
        waiting = deque(ours.batches)
        try:
            while waiting:
                await self._recover(*waiting.popleft())
        finally:
            for _, file in waiting:
                file.close()

    async def _recover(self, recorded: Recorded, file: BatchFile) -> None:
        """Settle one batch and offer its rest; without an end on disk it is offered again at the next start."""
        adopted = False
        try:
            found = await settle(recorded, file, self._client, self._clock)
            adopted = found is not None and await self._offer(found)
        except JournalError as error:
            self._browse.say(problem_line(str(error)))
        finally:
            if not adopted:
                file.close()

    async def _offer(self, found: Interrupted) -> bool:
        if found.rest is None and not found.unsettled:
            close(found, "", self._clock)
            settled = f"an interrupted deletion of {count(len(found.plan.items), 'snapshot')} was settled"
            self._browse.say(success_line(f"{settled}: nothing of it is left to do"))
            return False
        await undisturbed(self._browse)
        choice = await self._app.push_screen_wait(InterruptedScreen(found))
        if choice is Choice.LATER or choice is None:
            return False
        rest = found.rest if choice is Choice.RESUME else None
        if rest is None:
            close(found, "forgotten", self._clock)
            return False
        return await self._review(rest) is not None and self._resume(found)

    def _resume(self, found: Interrupted) -> bool:
        """Go on with what was interrupted, in the same file of the journal; returns whether it is so."""
        unproven = found.plan.account is None
        try:
            self.queue.adopt(found, listed=len(self._browse.state.snapshots), unproven_account_confirmed=unproven)
        except RefusedPlanError as error:
            self._browse.say(problem_line(f"nothing was deleted: {error}"))
            return False
        self.report()
        return True

    async def _review(self, rest: Plan) -> Plan | None:
        return await self._app.push_screen_wait(ReviewDeletionScreen(partial(Review.of, rest, self._browse.state)))
