"""The words of the deletion review: the blast radius, every victim, and what to type."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from snaptui.deletion.plan import Plan
from snaptui.deletion.warnings import warnings_for
from snaptui.model.snapshot import Snapshot
from snaptui.text.amounts import age, count
from snaptui.text.columns import Layout, Terms
from snaptui.text.lines import Line, Piece, fit, joined, line
from snaptui.text.safe import visible
from snaptui.tui.browse.state import BrowseState, Connection
from snaptui.tui.browse.words import sums

MOST_REGIONS: Final = 6


class Review(Struct, frozen=True):
    """A plan with everything that was known when it was made: reloads and keys cannot change it."""

    plan: Plan
    connection: Connection
    terms: Terms
    warnings: Mapping[str, Sequence[str]]
    max_batch: int
    pools_unknown: bool = False

    @classmethod
    def of(cls, plan: Plan, state: BrowseState) -> "Review":
        """Freeze what the state says about a plan."""
        warnings = warnings_for(plan.items, state.snapshots, state.sources, state.autoscale_images, state.now)
        unknown = state.autoscale_images is None
        return cls(plan, state.connection, state.terms, warnings, state.guards.max_batch, unknown)

    @property
    def phrase(self) -> str:
        """What must be typed: the number of snapshots."""
        return str(len(self.plan.items))

    @property
    def large(self) -> bool:
        """True when a second confirmation is asked for."""
        return len(self.plan.items) > self.max_batch


def heading_lines(review: Review, width: int) -> list[Line]:
    """Say what would be deleted, where, and how much it is."""
    plan, connection, terms = review.plan, review.connection, review.terms
    what = f" Delete {count(len(plan.items), 'snapshot')}"
    account = plan.account.label if plan.account else "an account this token may not name"
    token = connection.token.masked if connection.token else "no token"
    where = line(
        Piece(f" from {visible(account)}", "strong"),
        Piece(f" · {token} · {visible(connection.api_host)}", "dim"),
    )
    hidden = plan.hidden_by_filter
    lines = [
        line(Piece(what, "bad"), *where),
        joined([line(" saves ", *sums(plan.totals)), _ages(plan.items, terms)]),
        joined([line(f" {_types(plan.types)}"), line(_regions(plan.regions))]),
    ]
    if review.pools_unknown:
        lines.append(line(Piece(" ! whether autoscale pools use any of them could not be read", "warn")))
    if review.warnings:
        warned = len(review.warnings)
        lines.append(line(Piece(f" ! {warned:,} of them with warnings, listed first", "warn")))
    if hidden:
        lines.append(line(Piece(f" ! {hidden:,} of them hidden by the filter", "warn")))
    return [fit(one, width) for one in lines]


def _types(counted: Counter[str]) -> str:
    return ", ".join(count(number, visible(word)) for word, number in counted.most_common())


def _regions(counted: Counter[str]) -> str:
    most = [f"{number:,} {visible(word)}" for word, number in counted.most_common(MOST_REGIONS)]
    others = len(counted) - len(most)
    return ", ".join([*most, *([f"{count(others, 'more region')}"] if others else [])])


def _ages(items: Sequence[Snapshot], terms: Terms) -> Line:
    moments = [s.created for s in items if s.created is not None]
    unknown = len(items) - len(moments)
    parts = []
    if moments:
        oldest, newest = age(terms.now - min(moments)), age(terms.now - max(moments))
        parts.append(line(f"{oldest} old" if oldest == newest else f"oldest {oldest}, newest {newest}"))
    if unknown:
        parts.append(line(Piece(f"{unknown:,} of unknown age", "warn")))
    return joined(parts, ", ")


def victim_lines(review: Review, width: int) -> list[Line]:
    """Return a line for every victim, those with warnings first, and a line for every warning."""
    layout = Layout.of(width)
    ordered = sorted(review.plan.items, key=lambda s: s.id not in review.warnings)
    lines: list[Line] = []
    for snapshot in ordered:
        warned = review.warnings.get(snapshot.id, ())
        lines.append(line(Piece("! " if warned else "  ", "warn"), layout.row(snapshot, review.terms)))
        lines += [fit(line(Piece(f"    {text}", "warn")), width) for text in warned]
    return lines
