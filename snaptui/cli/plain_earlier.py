"""Deletions that an earlier run left open, in the line-oriented browser."""

import time
from typing import Final

from snaptui.cli import plain_words
from snaptui.cli.opened import Opened
from snaptui.cli.plain_lines import Lines
from snaptui.cli.plain_review import PlainReview
from snaptui.cli.settling import settle
from snaptui.cli.wiring import Parts
from snaptui.deletion.batch_file import JournalError
from snaptui.deletion.queue import DeletionQueue, RefusedPlanError
from snaptui.deletion.recovery import Interrupted, close
from snaptui.digitalocean.client.protocol import ApiClient
from snaptui.text.safe import visible

FORGET: Final = "forget"


class EarlierDeletions:
    """Open deletions of an earlier run: settled at the start, then gone on with after a review, or forgotten."""

    def __init__(
        self,
        parts: Parts,
        opened: Opened,
        client: ApiClient,
        lines: Lines,
        queue: DeletionQueue,
        review: PlainReview,
    ) -> None:
        self._parts = parts
        self._opened = opened
        self._client = client
        self._lines = lines
        self._queue = queue
        self._review = review
        self._left: list[Interrupted] = []

    def close(self) -> None:
        """Let the files go; what is left in them is offered at the next start."""
        for left_open in self._left:
            left_open.file.close()

    async def settle(self) -> None:
        """Find out and say what became of deletions that an earlier run left unknown, and hold what is left of them."""
        listing, way_on = self._opened.listing, "resume reviews them again, forget leaves them"
        try:
            self._left = await settle(
                self._parts.journal, listing.api_url, listing.account, self._client, _print, way_on
            )
        except JournalError as error:
            _print(str(error))

    async def resume(self, _rest: str) -> None:
        """Go on with what an earlier run left, after a review of it."""
        if not self._left:
            print("Nothing of an earlier deletion is left.")
        for found in tuple(self._left):
            rest = found.rest
            if rest is None or not await self._review.confirmed(rest):
                return
            try:
                listed = len(self._opened.snapshots)
                self._queue.adopt(found, listed=listed, unproven_account_confirmed=found.plan.account is None)
            except RefusedPlanError as error:
                _print(str(error))
                return
            self._left.remove(found)
            print(plain_words.begun(len(rest.items), self._parts.settings.grace_seconds.value))

    async def forget(self, _rest: str) -> None:
        """Leave what an earlier run left as it is, for good."""
        if not self._left:
            print("Nothing of an earlier deletion is left.")
        elif await self._lines.ask_seriously(f"Type {FORGET} to leave them undeleted: ") == FORGET:
            try:
                while self._left:
                    close(self._left[-1], "forgotten", time.time)
                    self._left.pop()
            except JournalError as error:
                _print(str(error))
            else:
                print("Forgotten; nothing of it will be offered again.")
        else:
            print("Nothing was forgotten.")


def _print(text: str) -> None:
    print(visible(text))
