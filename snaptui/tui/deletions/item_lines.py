"""Lines about the items of a batch, made when they come in sight: a batch may have 100,000."""

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import Final, overload

from snaptui.deletion.batch import Batch
from snaptui.deletion.items import Item
from snaptui.deletion.states import State
from snaptui.model.snapshot import Snapshot
from snaptui.text.cells import pad, shorten_middle
from snaptui.text.lines import Line, Piece, fit, line, wrapped
from snaptui.text.safe import visible
from snaptui.tui.deletions.words import ROLES, SIGNS

_STATUS_WIDTH: Final = 18
_ID_WIDTH: Final = 36
_SHORT_ID_WIDTH: Final = 9
_MOST_NAME: Final = 64
_LEAST_NAME: Final = 22


class ItemLines:
    """Writer of the lines of one batch after the other; a block of which nothing has changed is counted once."""

    def __init__(self) -> None:
        self._width = 0
        self._blocks: dict[int, _BlockLines] = {}
        self._heights: dict[str, int] = {}
        """By the reason of an item, how many lines it takes."""

    def of(self, batch: Batch, width: int) -> Sequence[Line]:
        """Return what became of every item of a batch, and why nothing more of it is sent."""
        if width != self._width:
            self._width, self._blocks, self._heights = width, {}, {}
        known = self._blocks
        # A block that is kept here is not another one with the same number.
        self._blocks = {id(items): known.get(id(items)) or self._block(items) for items in batch.items.blocks}
        return _Lines(_head(batch, width), list(self._blocks.values()))

    def _block(self, items: tuple[Item, ...]) -> "_BlockLines":
        height = len(items) + sum(self._height(item.reason) for item in items if item.reason)
        return _BlockLines(items, self._width, height)

    def _height(self, reason: str) -> int:
        height = self._heights.get(reason)
        if height is None:
            height = self._heights[reason] = len(_indented(Piece(visible(reason)), self._width))
        return height


class _BlockLines:
    """Lines of a block of items: how many they are, and they themselves once they are asked for."""

    def __init__(self, items: tuple[Item, ...], width: int, height: int) -> None:
        self.items = items
        self.height = height
        self._width = width

    @cached_property
    def lines(self) -> list[Line]:
        """The lines themselves."""
        return [one for item in self.items for one in _item_lines(item, self._width)]


class _Lines(Sequence[Line]):
    """Some lines, and behind them those of blocks."""

    def __init__(self, head: list[Line], blocks: list[_BlockLines]) -> None:
        self._head = head
        self._blocks = blocks
        self._starts = list(accumulate((block.height for block in blocks), initial=len(head)))

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> list[Line]: ...
    def __getitem__(self, index: int | slice) -> Line | list[Line]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        number = range(len(self))[index]
        if number < len(self._head):
            return self._head[number]
        block = bisect_right(self._starts, number) - 1
        return self._blocks[block].lines[number - self._starts[block]]


def _head(batch: Batch, width: int) -> list[Line]:
    lines: list[Line] = []
    if batch.plan.account:
        lines.append(line(Piece(f" in {visible(batch.plan.account.label)}", "dim")))
    if batch.stop:
        lines += _indented(Piece(f"stopped: {visible(batch.stop.message)}", "bad"), width)
    if batch.unwritable:
        lines += _indented(Piece(visible(batch.unwritable), "bad"), width)
        if batch.state is State.BLOCKED:
            lines += _indented(Piece("it goes on by itself as soon as that works again", "warn"), width)
    return lines


def _item_lines(item: Item, width: int) -> list[Line]:
    if item.outcome is None:
        status = Piece(pad(" … being sent" if item.sending else "   waiting", _STATUS_WIDTH), "dim")
    else:
        status = Piece(pad(f" {SIGNS[item.outcome]} {item.outcome}", _STATUS_WIDTH), ROLES[item.outcome])
    lines = [fit(line(status, *_name_and_id(item.snapshot, width - _STATUS_WIDTH)), width)]
    if item.reason:
        lines += _indented(Piece(visible(item.reason), ROLES[item.outcome] if item.outcome else "dim"), width)
    return lines


def _name_and_id(snapshot: Snapshot, room: int) -> Line:
    """Return the name, and where there is room the id; whole ids are for wide terminals."""
    if room < _LEAST_NAME + _SHORT_ID_WIDTH:
        return line(shorten_middle(visible(snapshot.name), max(1, room - 1)))
    id_width = _ID_WIDTH if room >= 2 * _ID_WIDTH else _SHORT_ID_WIDTH
    cells = min(_MOST_NAME, room - id_width - 2)
    name = pad(shorten_middle(visible(snapshot.name), cells), cells)
    return line(name, Piece(f" {shorten_middle(visible(snapshot.id), id_width)}", "dim"))


def _indented(piece: Piece, width: int) -> list[Line]:
    return [(Piece("   "), *part) for part in wrapped((piece,), max(8, width - 4))]
