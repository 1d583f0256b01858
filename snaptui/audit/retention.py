"""Retention: which snapshots of a group a policy keeps, and why, by the rules of restic's `forget`."""

from collections.abc import Callable, Sequence
from typing import Final

from snaptui.audit.calendar import Calendar, Period
from snaptui.audit.policy import UNLIMITED, Policy

Reasons = tuple[str, ...]
_NEVER: Final = -(1 << 62)


class Rules:
    """A policy made ready to judge many groups: each rule has a bit, and each mixture of bits its reasons."""

    def __init__(self, policy: Policy, calendar: Calendar) -> None:
        self._policy = policy
        self._calendar = calendar
        self._words: list[str] = []
        self._tags = [(frozenset(tags), self._bit(f"has tags [{', '.join(tags)}]")) for tags in policy.tags]
        self._within = self._bit(f"within {policy.within}")
        self._last = self._bit("last snapshot")
        self._counts = [
            (calendar.numbers(period), number, self._bit(f"{period} snapshot"), self._bit(f"oldest {period} snapshot"))
            for period, number in policy.counts
        ]
        self._spans = [self._span_rule(period) for period, _ in policy.spans]
        self._known: dict[int, Reasons] = {0: ()}

    def _bit(self, words: str) -> int:
        self._words.append(words)
        return 1 << (len(self._words) - 1)

    def _span_rule(self, period: Period) -> tuple[Callable[[Sequence[float]], list[int]], Period, int, int]:
        span = dict(self._policy.spans)[period]
        kept, oldest = self._bit(f"{period} within {span}"), self._bit(f"oldest {period} within {span}")
        return self._calendar.numbers(period), period, kept, oldest

    def reasons(self, bits: int) -> Reasons:
        """Return why a snapshot with these bits is kept; nothing for one that goes."""
        known = self._known.get(bits)
        if known is None:
            known = self._known[bits] = tuple(words for place, words in enumerate(self._words) if bits >> place & 1)
        return known

    def judge(self, moments: Sequence[float], tags: Sequence[Sequence[str] | None]) -> list[int]:
        """Return the bits of each snapshot of one group, given newest first and none of them in the future; 0 goes."""
        if not moments:
            return []
        bits = [0] * len(moments)
        if self._tags:
            self._judge_tags(tags, bits)
        self._judge_last(bits)
        if not self._policy.within.is_zero:
            for place in range(self._inside(moments, self._calendar.before(moments[0], self._policy.within))):
                bits[place] |= self._within
        for numbers, count, kept, oldest in self._counts:
            _keep_one_each(numbers(moments), count, kept, oldest, bits)
        spans = dict(self._policy.spans)
        for numbers, period, kept, oldest in self._spans:
            inside = self._inside(moments, self._calendar.before(moments[0], spans[period]))
            _keep_one_each(numbers(moments[:inside]), UNLIMITED, kept, oldest, bits)
        return bits

    def _judge_tags(self, tags: Sequence[Sequence[str] | None], bits: list[int]) -> None:
        for place, of_one in enumerate(tags):
            for wanted, bit in self._tags:
                if of_one is not None and wanted.issubset(of_one):
                    bits[place] |= bit

    def _judge_last(self, bits: list[int]) -> None:
        count = self._policy.last
        for place in range(len(bits) if count == UNLIMITED else min(count, len(bits))):
            bits[place] |= self._last

    @staticmethod
    def _inside(moments: Sequence[float], limit: float) -> int:
        """Return how many of the moments, newest first, are after the limit."""
        return next((place for place, moment in enumerate(moments) if moment <= limit), len(moments))


def _keep_one_each(numbers: Sequence[int], count: int, kept: int, oldest: int, bits: list[int]) -> None:
    """Keep the newest of each period, `count` of them; and the oldest of all while a count is left.

    The oldest rule looks at the end of the whole group: a span that ends before it has no oldest.
    """
    left, before, end = count, _NEVER, len(bits) - 1
    for place, number in enumerate(numbers):
        if number != before:
            bits[place] |= kept
        elif place == end:
            bits[place] |= oldest
        else:
            continue
        before = number
        left -= left > 0
        if left == 0:
            return
