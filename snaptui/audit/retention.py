"""Retention: which snapshots of each group a policy keeps, and why, by the rules of restic's `forget`."""

import operator
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from itertools import chain, pairwise, repeat
from typing import Final, Protocol

from msgspec import Struct, field

from snaptui.audit.calendar import Calendar, Period, Span
from snaptui.audit.policy import UNLIMITED, Policy

Reasons = tuple[str, ...]
_NEVER: Final = float("-inf")


class Tagged(Protocol):
    """Interface of what may have tags."""

    @property
    def tags(self) -> Sequence[str] | None:
        """The tags, or `None` when they are not known."""


class History(Struct, frozen=True):
    """Dated snapshots group by group, in each newest first, none in the future.

    A group begins at each of `starts`, the last of which is their end. `moments` are in Unix seconds.
    """

    starts: Sequence[int]
    moments: Sequence[float]
    rows: Iterable[Tagged]
    _numbers: dict[tuple[tzinfo, Period], Sequence[float]] = field(default_factory=dict)

    @property
    def spans(self) -> Iterable[tuple[int, int]]:
        """The places of each group, from up to."""
        return pairwise(self.starts)

    def numbers(self, calendar: Calendar, period: Period) -> Sequence[float]:
        """Return the number of each moment's period; kept, as the calendar is what takes longest of a policy."""
        known = self._numbers.get((calendar.zone, period))
        if known is None:
            days = None if period in (Period.HOURLY, Period.DAILY) else self.numbers(calendar, Period.DAILY)
            known = calendar.numbers(period, self.moments) if days is None else calendar.of_days(period, days)
            self._numbers[calendar.zone, period] = known
        return known


class _Rule(Struct, frozen=True):
    """One of each period is kept: `count` of them, or those within `span` of the newest of the group."""

    period: Period
    count: int
    kept: int
    oldest: int
    span: Span = Span()


class Rules:
    """A policy made ready to judge: each reason is a bit."""

    def __init__(self, policy: Policy, calendar: Calendar) -> None:
        self._policy = policy
        self._calendar = calendar
        self._words: list[str] = []
        self._tags = [(frozenset(tags), self._bit(f"has tags [{', '.join(tags)}]")) for tags in policy.tags]
        self._within = self._bit(f"within {policy.within}")
        self._last = self._bit("last snapshot")
        counted = [(period, count, Span(), f"{period} snapshot") for period, count in policy.counts]
        spanned = [(period, UNLIMITED, span, f"{period} within {span}") for period, span in policy.spans]
        self._rules = [
            _Rule(period, count, self._bit(words), self._bit(f"oldest {words}"), span)
            for period, count, span, words in counted + spanned
        ]
        self._known: dict[int, Reasons] = {0: ()}

    def _bit(self, words: str) -> int:
        self._words.append(words)
        return 1 << (len(self._words) - 1)

    def reasons(self, bits: int) -> Reasons:
        """Return why a snapshot with these bits is kept; nothing for one that goes."""
        known = self._known.get(bits)
        if known is None:
            known = self._known[bits] = tuple(words for place, words in enumerate(self._words) if bits >> place & 1)
        return known

    def judge(self, history: History) -> list[int]:
        """Return the bits of each snapshot; 0 goes."""
        bits = self._judge_within(history)
        if self._tags:
            self._judge_tags(history.rows, bits)
        if count := self._policy.last:
            for start, stop in history.spans:
                for place in range(start, stop if count == UNLIMITED else min(stop, start + count)):
                    bits[place] |= self._last
        for rule in self._rules:
            self._keep_one_each(history, rule, bits)
        return bits

    def _judge_within(self, history: History) -> list[int]:
        if self._policy.within.is_zero:
            return [0] * len(history.moments)
        sizes = map(operator.sub, history.starts[1:], history.starts)
        limits = map(repeat, self._limits(history, self._policy.within), sizes)
        inside = map(operator.gt, history.moments, chain.from_iterable(limits))
        return [self._within if one else 0 for one in inside]

    def _judge_tags(self, rows: Iterable[Tagged], bits: list[int]) -> None:
        for place, row in enumerate(rows):
            for wanted, bit in self._tags:
                if row.tags is not None and wanted.issubset(row.tags):
                    bits[place] |= bit

    def _inside(self, history: History, span: Span) -> Iterator[tuple[int, int]]:
        """Yield the places, from up to, of what is within a span of the newest of its group."""
        moments = history.moments
        for (start, stop), limit in zip(history.spans, self._limits(history, span), strict=True):
            if moments[stop - 1] <= limit:
                stop = bisect_left(moments, -limit, start, stop, key=operator.neg)
            yield start, stop

    def _limits(self, history: History, span: Span) -> Sequence[float]:
        """Return the moment of each group after which a snapshot is within a span of the group's newest."""
        newest = list(map(history.moments.__getitem__, history.starts[:-1]))
        return self._calendar.before(newest, span)

    def _keep_one_each(self, history: History, rule: _Rule, bits: list[int]) -> None:
        """Keep the newest of each period of each group while a count is left; and the oldest of all then, too."""
        numbers = history.numbers(self._calendar, rule.period)
        reach = history.spans if rule.span.is_zero else self._inside(history, rule.span)
        for (start, stop), (_, end) in zip(reach, history.spans, strict=True):
            left, before = rule.count, _NEVER
            for place in range(start, stop):
                number = numbers[place]
                if number != before:
                    bits[place] |= rule.kept
                elif place == end - 1:
                    bits[place] |= rule.oldest
                else:
                    continue
                before = number
                left -= 1
                if not left:
                    break
