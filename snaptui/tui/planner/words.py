"""Words of the keep policy screen: what stays and why, what goes, and what that comes to."""

from typing import Final

from snaptui.audit.histories import GroupBy
from snaptui.audit.preview import Judged, Preview
from snaptui.model.cost import monthly_cents
from snaptui.text.amounts import count, dollars, since, total_gigabytes
from snaptui.text.cells import pad, shorten_middle
from snaptui.text.lines import Line, Piece, Role, fit, line, longest_that_fits
from snaptui.text.safe import visible
from snaptui.tui.planner.state import PlannerState

BY: Final = {
    GroupBy.SOURCE: "source",
    GroupBy.FAMILY: "name family",
    GroupBy.TAG: "set of tags",
    GroupBy.NONE: "nothing: all together",
}
_AGE: Final = 8
_VERDICT: Final = 8


def sum_lines(state: PlannerState, width: int) -> list[Line]:
    """Return what stays and goes in all, and what is worth a word: always two lines."""
    if state.problem:
        return [fit(line(Piece(f" ✗ {visible(state.problem)}", "warn")), width), ()]
    preview = state.preview
    if preview is None:
        return [line(Piece(" working it out …", "dim")), ()]
    return [longest_that_fits(_sums(preview, state), width), longest_that_fits(_advice(preview, state), width)]


def _sums(preview: Preview, state: PlannerState) -> list[Line]:
    """Return what stays and goes, the longest wording first: a sum that is cut reads as another sum."""
    removes = Piece(f"removes {preview.removed_count:,}", "bad" if preview.removed_count else "plain")
    number = line(f" keeps {preview.kept_count:,} · ", removes)
    groups = Piece(f"   {count(preview.group_count, 'group')}, {preview.groups_of_one:,} of one", "dim")
    if not preview.removed_count:
        return [(*number, groups), number]
    cost = f"${dollars(preview.cents)}/mo"
    of = f" of ${dollars(state.subject.browsing.view.totals.cents)}"
    saved = (*number, Piece(f": {total_gigabytes(preview.gigabytes)} · {cost}{of}"))
    return [(*saved, groups), saved, (*number, Piece(f": {cost}{of}")), (*number, Piece(f": {cost}")), number]


def _advice(preview: Preview, state: PlannerState) -> list[Line]:
    """Return what is worth a word, the longest wording first."""
    ways: tuple[str, ...] = ("",)
    complete = state.subject.coverage.complete
    if preview.untold_count and complete:
        kept = count(preview.untold_count, "snapshot")
        ways = (
            f" ! the policy asks for tags, which are not known of {kept}: all of these stay",
            f" ! tags of {preview.untold_count:,} not known: these stay",
        )
    elif not complete:
        ways = (
            " ! the list is not complete: this is how it would be, and cannot be applied",
            " ! list incomplete: cannot be applied",
        )
    elif preview.group_count > 1 and 2 * preview.groups_of_one > preview.group_count:
        said = " ! most groups hold one snapshot, always kept"
        ways = (said, " ! most groups hold one, always kept")
        if state.by is not GroupBy.FAMILY:
            ways = (f"{said}; b groups by name family", *ways, " ! most groups hold one; b regroups")
    return [line(Piece(way, "warn")) for way in ways]


def by_line(state: PlannerState, width: int) -> Line:
    """Return what is grouped by, and the policy's name, if it has one and there is room for it."""
    by = line(Piece(" by ", "dim"), Piece(BY[state.by], "strong"), Piece("  b", "key"))
    if not state.named:
        return by
    named = line(Piece("   P", "key"), Piece(f" {visible(state.named)}", "dim"))
    return longest_that_fits(((*by, *named), by), width)


def command_line(state: PlannerState, width: int) -> Line:
    """Return the command that plans the same without a screen, to be copied; it is shown whole or not at all."""
    if not state.command:
        return ()
    key = Piece(" y", "key")
    whole = line(key, Piece(" copies: ", "dim"), visible(state.command))
    short = (
        line(key, Piece(said, "dim")) for said in (" copies the command that plans the same", " copies the command")
    )
    return longest_that_fits((whole, *short), width)


def list_lines(state: PlannerState, width: int) -> list[Line]:
    """Return a line for each snapshot that there is room for."""
    return [_judged_line(judged, state, width, place) for place, judged in enumerate(state.in_sight, state.top)]


def _judged_line(judged: Judged, state: PlannerState, width: int, place: int) -> Line:
    row, cursor = judged.snapshot, place == state.cursor
    room = width - 4 - _AGE - _VERDICT
    name_width = max(8, min(64, room * 3 // 5))
    name = pad(shorten_middle(visible(row.name), name_width), name_width)
    role: Role = "strong" if cursor else "plain"
    if judged.kept:
        why = ", ".join(visible(reason.removesuffix(" snapshot")) for reason in judged.reasons)
        sign, verdict = _kept_sign(judged), Piece(pad("keep", _VERDICT), "good")
    else:
        cents = monthly_cents(row, state.subject.usd_per_gb_month)
        why = "size unknown" if cents is None else f"${dollars(cents)}/mo"
        sign, verdict = Piece("– ", "bad"), Piece(pad("remove", _VERDICT), "bad")
    age = pad(since(row.created, state.subject.now), _AGE)
    pieces = line(
        Piece("▸" if cursor else " ", "accent"), sign, Piece(name, role), " ", Piece(age, "dim"), verdict, why
    )
    return fit(pieces, width)


def _kept_sign(judged: Judged) -> Piece:
    """Return a sign for what a rule of protection keeps, `?` for what cannot be judged, none for the policy's own."""
    if not judged.group:
        return Piece("? ", "warn")
    return Piece("■ ", "protected") if judged.spared else Piece("  ")
