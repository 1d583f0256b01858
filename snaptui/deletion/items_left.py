"""Items left of a batch: those that wait to be gone through, by their positions in it."""

from collections import deque
from collections.abc import Iterator, Sequence

from snaptui.deletion.batch_owner import BatchOwner


class WaitingItems:
    """The positions of what is open and not under way, in the order in which it is taken."""

    def __init__(self, owner: BatchOwner) -> None:
        self._owner = owner
        self._positions = deque(n for n, item in enumerate(owner.batch.items) if item.outcome is None)

    def __len__(self) -> int:
        return len(self._positions)

    def __iter__(self) -> Iterator[int]:
        return iter(tuple(self._positions))

    def take(self) -> int:
        """Take the first."""
        return self._positions.popleft()

    def take_first(self, number: int) -> list[int]:
        """Take the first few."""
        return [self._positions.popleft() for _ in range(min(number, len(self._positions)))]

    def take_this(self, position: int) -> bool:
        """Take one out of the middle; returns whether it waited."""
        if position not in self._positions:
            return False
        self._positions.remove(position)
        return True

    def put_back(self, positions: Sequence[int]) -> None:
        """Let what has no outcome of these wait again, before all others."""
        self._positions.extendleft(position for position in reversed(positions) if self._owner.is_open(position))
