"""Words of the review: the sums, the account, what is not known, and every victim."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from snaptui.deletion.plan import DEMO_ACCOUNT, Plan
from snaptui.deletion.rule_problems import RuleProblems, rule_problems
from snaptui.deletion.warnings import warnings_for
from snaptui.model.cost import Totals
from snaptui.model.snapshot import Snapshot
from snaptui.text.amounts import age_in_words, count
from snaptui.text.columns import Terms
from snaptui.text.lines import Line, Piece, joined, line, whole_parts, wrapped
from snaptui.text.safe import visible
from snaptui.tui.browse.connection import Connection
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.browse.words import sums

MOST_REGIONS: Final = 6
LEAST_NAMES: Final = 3


class Review(Struct, frozen=True, dict=True):
    """A plan with everything that was known when it was made: reloads and keys cannot change it."""

    plan: Plan
    connection: Connection
    terms: Terms
    warnings: Mapping[str, Sequence[str]]
    max_batch: int
    pools_unknown: bool = False
    shortfall: str = ""
    """Why the list may not be whole."""
    sources_unknown: str = ""
    """Why it cannot be told of some of the sources whether they are gone."""
    rules: RuleProblems = RuleProblems()

    @classmethod
    def of(cls, plan: Plan, state: BrowseState) -> "Review":
        """Freeze what the state says about a plan."""
        warnings = warnings_for(
            plan.items, state.snapshots, state.sources, state.autoscale_images, state.now, state.guards.protect
        )
        _ = plan.record  # made here, where no key waits for it
        problems = (state.sources.problem_for(item) for item in plan.items)
        return cls(
            plan,
            state.connection,
            state.terms,
            warnings,
            state.guards.max_batch,
            pools_unknown=state.autoscale_images is None,
            shortfall=state.coverage.shortfall or ("" if state.coverage.finished else "the list is still loading"),
            rules=rule_problems(state.guards.protect, state.snapshots, state.context),
            sources_unknown="; ".join(dict.fromkeys(problem for problem in problems if problem)),
        )

    @cached_property
    def totals(self) -> Totals:
        """Count, size and monthly cost of everything in the plan."""
        return self.plan.totals(self.terms.usd_per_gb_month)

    @cached_property
    def types(self) -> Counter[str]:
        """Number of snapshots by resource type."""
        return self.plan.types

    @cached_property
    def regions(self) -> Counter[str]:
        """Number of snapshots by region."""
        return self.plan.regions

    @cached_property
    def ages(self) -> Line:
        """The oldest, the newest, and how many are of unknown age."""
        return _ages(self.plan.items, self.terms)

    @property
    def file(self) -> bytes:
        """The plan with its warnings, to be reviewed by others and carried out by `snaptui delete`."""
        plan = replace(self.plan, api_url=DEMO_ACCOUNT) if self.connection.demo else self.plan
        return plan.to_json(self.warnings)


def cautions(review: Review) -> list[str]:
    """Return what has to be known before anything else: what could not be read, and what is not in sight."""
    plan, sources = review.plan, review.sources_unknown
    said = []
    if plan.account is None:
        said.append(
            f"account not proven: {'it could not be read' if review.connection.account_asked else 'not read yet'}"
        )
    if review.shortfall:
        said.append(f"{review.shortfall}; there may be more copies")
    if sources:
        said.append(f"whether a source is gone is not known: {sources}")
    said += [f"protect {text}" for text in review.rules.unjudged]
    if review.pools_unknown:
        said.append("whether autoscale pools use any of them could not be read")
    if review.warnings:
        said.append(f"{len(review.warnings):,} of them with warnings, listed first")
    if plan.hidden_by_filter:
        said.append(f"{plan.hidden_by_filter:,} of them hidden by the filter")
    return said


def _caution_lines(review: Review, width: int) -> list[Line]:
    told = (line(Piece(f"! {visible(text)}", "warn")) for text in cautions(review))
    return [(Piece(" "), *part) for one in told for part in wrapped(one, width - 1)]


def rows_needed(review: Review, width: int) -> int:
    """Return how many lines have to be in sight: what is deleted where, the cautions, and some of the names."""
    return 1 + len(_caution_lines(review, width)) + min(LEAST_NAMES, len(review.plan.items))


def heading_lines(review: Review, width: int, rows: int) -> list[Line]:
    """Say what would be deleted, where, and how much it is; the sums give way where names have no room."""
    plan, connection = review.plan, review.connection
    account = plan.account.label if plan.account else "an account that is not proven"
    token = connection.token.masked if connection.token else "no token"
    what = [
        line(
            Piece(f" Delete {count(len(plan.items), 'snapshot')}", "bad"), Piece(f" from {visible(account)}", "strong")
        ),
        line(Piece(token, "dim")),
        line(Piece(visible(connection.api_host), "dim")),
    ]
    idle = "; ".join(review.rules.idle)
    more = [
        [line(" saves ", *sums(review.totals)), review.ages],
        [line(f" {_types(review.types)}"), line(_regions(review.regions))],
        *([[line(Piece(f" protect: {idle}", "dim"))]] if idle else []),
    ]
    spare = max(0, rows - rows_needed(review, width))
    return [*(whole_parts(parts, width) for parts in (what, *more[:spare])), *_caution_lines(review, width)]


def _types(counted: Counter[str]) -> str:
    return ", ".join(count(number, visible(word)) for word, number in counted.most_common())


def _regions(counted: Counter[str]) -> str:
    most = [f"{number:,} {visible(word)}" for word, number in counted.most_common(MOST_REGIONS)]
    others = len(counted) - len(most)
    return ", ".join([*most, *([f"{count(others, 'more region')}"] if others else [])])


def _ages(items: Sequence[Snapshot], terms: Terms) -> Line:
    moments = [s.created for s in items if s.created is not None and s.created <= terms.believed_until]
    unknown = len(items) - len(moments)
    parts = []
    if moments:
        oldest, newest = age_in_words(terms.now - min(moments)), age_in_words(terms.now - max(moments))
        parts.append(line(f"{oldest} old" if oldest == newest else f"oldest {oldest}, newest {newest}"))
    if unknown:
        parts.append(line(Piece(f"{unknown:,} of unknown age", "warn")))
    return joined(parts, ", ")
