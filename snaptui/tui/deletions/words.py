"""Deletion jobs in words: one line for the bar, a table for the screen."""

from collections.abc import Sequence
from typing import Final

from snaptui.deletion.batch import GONE, Batch, Item, Outcome
from snaptui.deletion.states import Event, State
from snaptui.text.amounts import count
from snaptui.text.cells import pad, shorten_middle
from snaptui.text.lines import BLANK, Line, Piece, Role, fit, joined, line, wrapped
from snaptui.text.safe import visible

_ROLES: Final[dict[Outcome, Role]] = {
    Outcome.DELETED: "good",
    Outcome.ALREADY_GONE: "good",
    Outcome.CHANGED: "warn",
    Outcome.PROTECTED: "warn",
    Outcome.FAILED: "bad",
    Outcome.CANCELLED: "dim",
    Outcome.UNKNOWN: "bad",
}
_SIGNS: Final[dict[Outcome, str]] = {
    Outcome.DELETED: "✓",
    Outcome.ALREADY_GONE: "✓",
    Outcome.CHANGED: "≠",
    Outcome.PROTECTED: "≠",
    Outcome.FAILED: "✗",
    Outcome.CANCELLED: "–",
    Outcome.UNKNOWN: "?",
}
_STATUS_WIDTH: Final = 18


def job_line(jobs: Sequence[Batch], waiting: str, now: float, width: int) -> Line:
    """Say how far the newest job is; empty while there is nothing to say."""
    if not jobs:
        return ()
    job = jobs[-1]
    total, done = len(job.items), job.done
    if job.state is State.GRACE and not done:
        left = max(0, round(job.grace_left))
        return fit(line(Piece(f" deleting {count(total, 'snapshot')} in {left} s: ", "warn"), "u takes it back"), width)
    parts = [line(Piece(_headline(job), "warn" if not job.finished else "dim"), f"{done:,} of {total:,}")]
    if not job.finished and job.began is not None:
        rate = job.rate(now)
        parts.append(line(f"{rate:.1f}/s" + (f", {round((total - done) / rate)} s left" if rate else "")))
    if not job.finished and job.waits_until > now:
        waiting = f"rate limit: waiting {round(job.waits_until - now)} s"
    parts += [_outcomes(job), line(Piece(waiting, "warn")), line(Piece("l lists them", "dim"))]
    return fit(joined(parts), width)


def over(job: Batch) -> str | None:
    """Return why a job can be neither paused nor cancelled."""
    return job.why_not(Event.CANCEL)


def nothing_to_retry(job: Batch) -> str | None:
    """Return why nothing of a job can be tried again."""
    return job.why_not(Event.RETRY)


def keys_line(job: Batch) -> Line:
    """Return the keys of the screen; greyed where they cannot work."""
    keys = (("p", "pause", over(job)), ("C", "cancel", over(job)), ("t", "retry", nothing_to_retry(job)))
    pieces = [Piece(" Deletions  ", "strong")]
    for key, label, blocked in (*keys, ("1", "CSV 2 JSON 3 doctl", None), ("y", "copy", None), ("Esc", "", None)):
        pieces.append(Piece(f"{key} {label}".strip(), "off" if blocked else "dim"))
        pieces.append(Piece(" · ", "dim"))
    return tuple(pieces[:-1])


def _headline(job: Batch) -> str:
    if job.finished:
        return " deletion ended: "
    return " deleting, paused: " if job.state in (State.HELD, State.PAUSING, State.PAUSED) else " deleting "


def _outcomes(job: Batch) -> Line:
    told = [(outcome, number) for outcome, number in job.counts.items() if outcome not in GONE]
    pieces = [Piece(f"{_SIGNS[outcome]} {number:,} {outcome}", _ROLES[outcome]) for outcome, number in told]
    return joined([(piece,) for piece in pieces], ", ")


def job_lines(jobs: Sequence[Batch], width: int) -> list[Line]:
    """Return every item of every job, the newest job first."""
    lines: list[Line] = []
    for job in reversed(jobs):
        account = f" in {visible(job.plan.account.label)}" if job.plan.account else ""
        lines.append(
            line(Piece(f" {job.done:,} of {len(job.items):,} snapshots{account}", "strong"), "  ", *_outcomes(job))
        )
        if job.stop:
            lines += _indented(Piece(f"stopped: {visible(job.stop.message)}", "bad"), width)
        lines += [one for item in job.items for one in _item_lines(item, width)]
        lines.append(BLANK)
    return lines


def _item_lines(item: Item, width: int) -> list[Line]:
    if item.outcome is None:
        status = Piece(pad(" … being sent" if item.sending else "   waiting", _STATUS_WIDTH), "dim")
    else:
        status = Piece(pad(f" {_SIGNS[item.outcome]} {item.outcome}", _STATUS_WIDTH), _ROLES[item.outcome])
    room = max(10, width - _STATUS_WIDTH - 38)
    name = pad(shorten_middle(visible(item.snapshot.name), room), room)
    lines = [line(status, name, Piece(f" {visible(item.snapshot.id)}", "dim"))]
    if item.reason:
        lines += _indented(Piece(visible(item.reason), _ROLES[item.outcome] if item.outcome else "dim"), width)
    return lines


def _indented(piece: Piece, width: int) -> list[Line]:
    return [(Piece("   "), *part) for part in wrapped((piece,), max(8, width - 4))]
