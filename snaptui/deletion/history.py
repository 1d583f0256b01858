"""History of deletions: every batch that the journal has, and what it saved."""

from collections.abc import Sequence

from msgspec import Struct

from snaptui.deletion.batch import Batch
from snaptui.deletion.items import GONE, Item
from snaptui.deletion.journal import Journal


class History(Struct, frozen=True):
    """The recorded batches, the first confirmed first; `problems` name what of the journal could not be read.

    `unread` is the number of files of which nothing could be read; of the others some lines may be damaged.
    """

    batches: Sequence[Batch]
    problems: Sequence[str]
    unread: int = 0

    @property
    def items(self) -> list[Item]:
        """The items of all batches, each snapshot once, as what is tried again is in two: gone if it is gone in any."""
        found: dict[tuple[str, str], Item] = {}
        for batch in self.batches:
            for item in batch.items:
                key = batch.plan.api_url, item.snapshot.id
                if key not in found or found[key].outcome not in GONE:
                    found[key] = item
        return list(found.values())


def history_of(journal: Journal, since: float = float("-inf")) -> History:
    """Return what was confirmed from `since` (Unix seconds) on. Raises `JournalError`."""
    recorded = journal.history()
    batches = [batch for one in recorded if (batch := one.as_batch) is not None and batch.confirmed >= since]
    batches.sort(key=lambda batch: batch.confirmed)
    unread = sum(bool(one.problems) and one.as_batch is None for one in recorded)
    return History(batches, [problem for one in recorded for problem in one.problems], unread)
