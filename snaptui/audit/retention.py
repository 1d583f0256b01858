"""Retention: which snapshots of each group a policy keeps, and why, by the rules of restic's `forget`."""

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import chain
from operator import ne
from typing import Final

from msgspec import Struct

from snaptui.audit.calendar import Calendar, Span
from snaptui.audit.policy import UNLIMITED, Policy

Reasons = tuple[str, ...]
_NEVER: Final = -(1 << 62)


class History(Struct, frozen=True, dict=True):
    """Dated snapshots group by group, in each newest first, none in the future: the group, moment and tags of each."""

    groups: Sequence[int]
    moments: Sequence[float]
    tags: Sequence[Sequence[str] | None]

    @cached_property
    def ends(self) -> bytes:
        """A byte for each snapshot: 1 for the oldest of a group."""
        return bytes(map(ne, self.groups, chain(self.groups[1:], (None,))))


class _Rule(Struct, frozen=True):
    """One of each period is kept: `count` of them, or those within `span` of the newest of the group."""

    numbers: Callable[[Sequence[float]], list[int]]
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
        self._last = _Rule(_places, policy.last, self._bit("last snapshot"), 0)
        counted = [(period, count, Span(), f"{period} snapshot") for period, count in policy.counts]
        spanned = [(period, UNLIMITED, span, f"{period} within {span}") for period, span in policy.spans]
        self._rules = [
            _Rule(calendar.numbers(period), count, self._bit(words), self._bit(f"oldest {words}"), span)
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
        bits = [0] * len(history.moments)
        if self._tags:
            self._judge_tags(history.tags, bits)
        if not self._policy.within.is_zero:
            for place, recent in enumerate(self._inside(history, self._policy.within)):
                bits[place] |= self._within * recent
        if self._policy.last:
            _keep_one_each(_places(history.moments), history, self._last, bits)
        for rule in self._rules:
            inside = None if rule.span.is_zero else self._inside(history, rule.span)
            _keep_one_each(rule.numbers(history.moments), history, rule, bits, inside)
        return bits

    def _judge_tags(self, tags: Sequence[Sequence[str] | None], bits: list[int]) -> None:
        for place, of_one in enumerate(tags):
            for wanted, bit in self._tags:
                if of_one is not None and wanted.issubset(of_one):
                    bits[place] |= bit

    def _inside(self, history: History, span: Span) -> list[bool]:
        """Tell for each snapshot whether it is within a span of the newest of its group."""
        inside: list[bool] = []
        current, limit = None, 0.0
        for group, moment in zip(history.groups, history.moments, strict=True):
            if group != current:
                current, limit = group, self._calendar.before(moment, span)
            inside.append(moment > limit)
        return inside


def _places(moments: Sequence[float]) -> list[int]:
    return list(range(len(moments)))


def _keep_one_each(
    numbers: Sequence[int], history: History, rule: _Rule, bits: list[int], inside: Sequence[bool] | None = None
) -> None:
    """Keep the newest of each period of each group while a count is left; and the oldest of all then, too."""
    current, left, before = None, 0, _NEVER
    ends = history.ends
    for place, (group, number) in enumerate(zip(history.groups, numbers, strict=True)):
        if group != current:
            current, left, before = group, rule.count, _NEVER
        if not left or (inside is not None and not inside[place]):
            continue
        if number != before:
            bits[place] |= rule.kept
        elif ends[place]:
            bits[place] |= rule.oldest
        else:
            continue
        before = number
        left -= left > 0
