"""Words about batches: countdown and progress for the bar, and a line for each batch."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from snaptui.deletion.batch import Batch
from snaptui.deletion.items import GONE, Outcome
from snaptui.deletion.states import Event, State
from snaptui.digitalocean.api.rate_limit import RATE_LIMIT, Wait
from snaptui.text.amounts import count, total_gigabytes, usd_per_month
from snaptui.text.cells import pad
from snaptui.text.durations import duration
from snaptui.text.lines import Line, Piece, Role, joined, line, whole_parts
from snaptui.text.safe import visible
from snaptui.tui.deletions.standing import Standing, in_order, next_to_take_back

ROLES: Final[dict[Outcome, Role]] = {
    Outcome.DELETED: "good",
    Outcome.ALREADY_GONE: "good",
    Outcome.CHANGED: "warn",
    Outcome.PROTECTED: "warn",
    Outcome.FAILED: "bad",
    Outcome.CANCELLED: "dim",
    Outcome.UNKNOWN: "bad",
}
SIGNS: Final[dict[Outcome, str]] = {
    Outcome.DELETED: "✓",
    Outcome.ALREADY_GONE: "✓",
    Outcome.CHANGED: "≠",
    Outcome.PROTECTED: "≠",
    Outcome.FAILED: "✗",
    Outcome.CANCELLED: "–",
    Outcome.UNKNOWN: "?",
}
_DOING: Final[dict[State, str]] = {
    State.GRACE: "counting",
    State.HELD: "held",
    State.QUEUED: "queued",
    State.RUNNING: "deleting",
    State.PAUSING: "pausing",
    State.PAUSED: "paused",
    State.WAITING: "waiting",
    State.BLOCKED: "blocked",
    State.STOPPING: "stopping",
    State.ENDED: "ended",
}
_DOING_WIDTH: Final = 10
_BAR_WIDTH: Final = 10
_NARROW_BAR_WIDTH: Final = 5
_WIDE: Final = 100


def bar_line(standings: Sequence[Standing], now: float, width: int, way_to_u: str = "") -> Line:
    """Say in one line how deleting stands; `way_to_u` is what has to be pressed before `u`, `Esc, then `."""
    told = _to_tell(standings)
    if told is None:
        return ()
    others = sum(each.open for each in standings) - told.open
    more = line(Piece(f"{count(others, 'more deletion')} open: l", "warn")) if others else ()
    if told.batch.may(Event.TAKE_BACK):
        return whole_parts([_countdown(told.batch, way_to_u, width), more], width)
    return whole_parts([*_told(told, now), more, line(Piece("l lists them", "dim"))], width)


def _to_tell(standings: Sequence[Standing]) -> Standing | None:
    """Return the newest that can be taken back, or else the first that is open, or else the last that ended."""
    back = next_to_take_back(standings)
    return next((each for each in standings if each.batch is back), next(iter(in_order(standings)), None))


def _countdown(batch: Batch, way_to_u: str, width: int) -> Line:
    """Say how long a batch can be taken back, in as few words as there is room for."""
    number, seconds = len(batch.open_ids), max(0, round(batch.grace_left))
    snapshots = count(number, "snapshot")
    long, short = {
        State.GRACE: (f" deleting {snapshots} in {seconds} s: ", f" {number} in {seconds} s: "),
        State.HELD: (f" held, nothing sent of {snapshots}: ", f" {number} held: "),
    }.get(batch.state, (f" {snapshots} waiting for a turn: ", f" {number} queued: "))
    key = f"{way_to_u}u takes it back"
    forms = ((long, key), (short, key), (short, f"{way_to_u}u"))
    text, way = next((form for form in forms if len("".join(form)) <= width), forms[-1])
    return line(Piece(text, "warn"), way)


def _told(standing: Standing, now: float) -> list[Line]:
    batch, progress = standing.batch, standing.progress
    done = f"{progress.done if standing.open else _gone(batch):,} of {progress.total:,}"
    if not standing.open:
        if batch.began is None:
            return [
                line(
                    Piece(f" taken back: nothing of {progress.total - _gone(batch):,} was sent", "dim"),
                    _at(batch.ended),
                )
            ]
        return [line(Piece(" deletion ended: ", "dim"), done, _at(batch.ended)), outcomes(batch), *_stopped(batch)]
    headline = {
        State.RUNNING: " deleting ",
        State.PAUSING: " pausing: ",
        State.STOPPING: " stopping: ",
        State.WAITING: " waiting for its turn: ",
        State.BLOCKED: " the journal cannot be written, waiting: ",
    }.get(batch.state, " deletion paused: ")
    parts = [line(Piece(headline, "warn"), done)]
    if batch.state is State.RUNNING:
        # What is waited for comes first: it explains a bar that stands still.
        parts += [_meter(standing), *_wait(standing, now), *_pace(standing)]
    else:
        parts.append(line(Piece(standing.waiting, "warn")))
    return [*parts, _freed(standing), outcomes(batch), *_stopped(batch)]


def _at(moment: float | None) -> str:
    return "" if moment is None else f", {datetime.fromtimestamp(moment).astimezone():%H:%M}"


def _stopped(batch: Batch) -> list[Line]:
    said = [batch.stop.message] if batch.stop else []
    return [line(Piece(visible(text), "bad")) for text in [*said, *([batch.unwritable] if batch.unwritable else [])]]


def _wait(standing: Standing, now: float) -> list[Line]:
    if standing.waiting:
        return [line(Piece(standing.waiting, "warn"))]
    until = standing.batch.waits_until
    return [line(Piece(Wait(RATE_LIMIT, until).told(now), "warn"))] if until > now else []


def _meter(standing: Standing, *, narrow: bool = False) -> Line:
    progress = standing.progress
    share = progress.done / progress.total if progress.total else 1.0
    width = _NARROW_BAR_WIDTH if narrow else _BAR_WIDTH
    full = int(share * width)
    percent = "" if narrow else f" {int(share * 100)} %"
    return line(Piece("▇" * full, "good"), Piece("░" * (width - full), "dim"), percent)


def _pace(standing: Standing, *, narrow: bool = False) -> list[Line]:
    progress = standing.progress
    parts = [line(f"{progress.per_second:.1f}/s")] if progress.per_second else []
    if progress.seconds_left is not None:
        parts.append(line(f"about {duration(progress.seconds_left)}{'' if narrow else ' left'}"))
    return parts


def _freed(standing: Standing) -> Line:
    freed = standing.progress.freed
    if not freed.count:
        return ()
    return line(f"freed {total_gigabytes(freed.gigabytes)}, {usd_per_month(freed.monthly_usd)}")


def outcomes(batch: Batch) -> Line:
    """Return how many items ended otherwise than gone."""
    told = [(outcome, number) for outcome, number in batch.counts.items() if outcome not in GONE]
    pieces = [Piece(f"{SIGNS[outcome]} {number:,} {outcome}", ROLES[outcome]) for outcome, number in told]
    return joined([(piece,) for piece in pieces], ", ")


def batch_line(standing: Standing, now: float, width: int, *, chosen: bool) -> Line:
    """Return a batch's line in the list of deletions."""
    batch, progress = standing.batch, standing.progress
    doing = f"in {max(0, round(batch.grace_left))} s" if batch.state is State.GRACE else _DOING[batch.state]
    if not standing.open and batch.began is None:
        doing = "taken back"
    head = line(
        Piece(" ▸ " if chosen else "   ", "accent"),
        Piece(pad(doing, _DOING_WIDTH), "strong" if chosen else "plain"),
        f" {_gone(batch) if not standing.open else progress.done:,} of {progress.total:,}",
    )
    return whole_parts([head, *_rest_of_line(standing, now, width)], width, "  ")


def _gone(batch: Batch) -> int:
    """Return how many snapshots of a batch are no longer there."""
    return sum(number for outcome, number in batch.counts.items() if outcome in GONE)


def _rest_of_line(standing: Standing, now: float, width: int) -> list[Line]:
    batch = standing.batch
    if batch.may(Event.TAKE_BACK):
        return [line(Piece("u takes it back, nothing is sent yet", "dim"))]
    if not standing.open:
        return [line(Piece(_at(batch.ended).removeprefix(", "), "dim")), _freed(standing), outcomes(batch)]
    narrow = width < _WIDE
    moving = [*_wait(standing, now), *_pace(standing, narrow=narrow)] if batch.state is State.RUNNING else []
    return [_meter(standing, narrow=narrow), *moving, _freed(standing), outcomes(batch)]
