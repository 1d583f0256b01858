"""The words of the deletion review: the blast radius, every victim, and what to type."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from snaptui.model.plan import Plan
from snaptui.model.snapshot import Snapshot
from snaptui.tui.bars import sums
from snaptui.tui.columns import Layout, Terms
from snaptui.tui.formatting import age, count, visible
from snaptui.tui.state import Connection
from snaptui.tui.styled import Line, Piece, fit, joined, line


def heading_lines(plan: Plan, connection: Connection, terms: Terms, width: int) -> list[Line]:
    """Say what would be deleted, where, and how much it is."""
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
        joined([line(" ", *sums(plan.totals)), _ages(plan.items, terms)]),
        joined([line(f" {_tally(s.resource_type for s in plan.items)}"), line(_tally(_regions(plan.items)))]),
    ]
    if hidden:
        lines.append(line(Piece(f" ! {hidden:,} of them are hidden by the filter", "warn")))
    return [fit(one, width) for one in lines]


def _regions(items: Sequence[Snapshot]) -> list[str]:
    return [region for snapshot in items for region in snapshot.regions]


def _tally(words: Iterable[str]) -> str:
    counted = Counter(words)
    return ", ".join(f"{number:,} {visible(word)}" for word, number in counted.most_common(6))


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


def victim_lines(plan: Plan, warnings: Mapping[str, Sequence[str]], terms: Terms, width: int) -> list[Line]:
    """Return a line for every victim, those with warnings first, and a line for every warning."""
    layout = Layout.of(width)
    ordered = sorted(plan.items, key=lambda s: s.id not in warnings)
    lines: list[Line] = []
    for snapshot in ordered:
        warned = warnings.get(snapshot.id, ())
        lines.append(line(Piece("! " if warned else "  ", "warn"), layout.row(snapshot, terms)))
        lines += [line(Piece(f"    {text}", "warn")) for text in warned]
    return lines
