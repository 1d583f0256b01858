"""Words about one snapshot: everything known of it, a line each."""

from msgspec import Struct

from snaptui.inventory.cursor import Browsing
from snaptui.model.cost import monthly_usd
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Sources, SourceState
from snaptui.query import Place
from snaptui.text.amounts import gigabytes, moment, time_ago, usd_per_month
from snaptui.text.cells import shorten_middle
from snaptui.text.columns import Terms
from snaptui.text.lines import Line, Piece, Role, fit, line, spread, width_of, wrapped
from snaptui.text.safe import visible

LABEL_WIDTH = 10
PAIRED_WIDTH = 70


class Details(Struct, frozen=True):
    """A snapshot with its source and its place among the others of its source."""

    snapshot: Snapshot
    source: SourceState
    source_name: str | None
    source_problem: str | None
    place: Place | None

    @classmethod
    def of_current(cls, browsing: Browsing, sources: Sources) -> "Details | None":
        """Gather what is known of the snapshot under the cursor."""
        snapshot = browsing.current
        if snapshot is None:
            return None
        place = browsing.view.snapshots.places.source_place(snapshot)
        return cls(
            snapshot,
            sources.state_of(snapshot),
            sources.name_of(snapshot),
            sources.problem_for(snapshot),
            place,
        )


_STATE_ROLES: dict[SourceState, Role] = {
    SourceState.EXISTS: "good",
    SourceState.GONE: "warn",
    SourceState.UNKNOWN: "dim",
}


def detail_lines(details: Details, terms: Terms, width: int) -> list[Line]:
    """Return the details as lines: in pairs where the pane is wide, else one below the other."""
    snapshot = details.snapshot
    paired = width >= PAIRED_WIDTH
    snapshot_id = line(visible(snapshot.id), Piece(f" {visible(snapshot.resource_type)} ", "dim"))
    name = shorten_middle(visible(snapshot.name), max(1, width - 3 - (width_of(snapshot_id) if paired else 0)))
    lines = [spread(line(" ", Piece(name, "strong")), snapshot_id if paired else (), width)]
    if snapshot.damage:
        lines += _field("damaged", line(Piece(f"{visible(snapshot.damage)}; it cannot be deleted", "warn")), width)
    short = [
        ("regions", _words(snapshot.regions, "none")),
        ("tags", _tags(snapshot)),
        ("min disk", _min_disk(snapshot)),
        ("size", _size(snapshot, terms)),
    ]
    if paired:
        half = (width - 1) // 2
        for left, right in (short[:2], short[2:]):
            lines += _pair(_field(*left, half), _field(*right, width - half), half)
    else:
        for label, value in [("id", snapshot_id), *short]:
            lines += _field(label, value, width)
    lines += _field("created", _created(snapshot, terms), width)
    lines += _field("source", _source(details), width)
    return lines


def _words(words: tuple[str, ...], nothing: str) -> Line:
    return line(" ".join(map(visible, words))) if words else line(Piece(nothing, "dim"))


def _tags(snapshot: Snapshot) -> Line:
    if snapshot.tags is None:
        return line(Piece("unknown: the token may lack tag:read", "dim"))
    return _words(snapshot.tags, "none")


def _min_disk(snapshot: Snapshot) -> Line:
    if snapshot.min_disk_size is None:
        return line(Piece("unknown", "dim"))
    return line(f"{snapshot.min_disk_size} GB")


def _size(snapshot: Snapshot, terms: Terms) -> Line:
    cost = monthly_usd(snapshot, terms.usd_per_gb_month)
    if snapshot.size_gigabytes is None or cost is None:
        return line(Piece("unknown", "dim"))
    return line(f"{gigabytes(snapshot.size_gigabytes)} · {usd_per_month(cost)}")


def _created(snapshot: Snapshot, terms: Terms) -> Line:
    if snapshot.created is None:
        return line(Piece(f"unknown: the API sent {visible(repr(snapshot.created_at))}", "warn"))
    if snapshot.created > terms.believed_until:
        return line(f"{moment(snapshot.created)} · ", Piece("in the future by the server's clock", "warn"))
    return line(f"{moment(snapshot.created)} · {time_ago(terms.now - snapshot.created)}")


def _source(details: Details) -> Line:
    snapshot = details.snapshot
    state = Piece(details.source.value, _STATE_ROLES[details.source])
    if snapshot.resource_id is None:
        return line(Piece("unknown: the API did not say", "dim"))
    name = f" {visible(details.source_name)}" if details.source_name else ""
    problem = details.source_problem if details.source is SourceState.UNKNOWN else None
    rank = "" if details.place is None else f" · {_rank(details.place)}"
    return line(
        f"{visible(snapshot.resource_id)}{name} ",
        state,
        Piece(f" ({visible(problem)})" if problem else "", "dim"),
        rank,
    )


def _rank(place: Place) -> str:
    from humanize import ordinal  # not before there are rows

    if place.of == 1:
        return "only one of this source"
    if place.nth is None:
        return f"one of {place.of} of this source"
    which = "newest" if place.nth == 1 else f"{ordinal(place.nth)} newest"
    return f"{which} of {place.of} of this source{' by the dates that are known' if place.doubtful else ''}"


def _field(label: str, value: Line, width: int) -> list[Line]:
    """Return a label and its value, wrapped between words and indented where it is too long."""
    rows = wrapped(value, max(8, width - LABEL_WIDTH - 2))
    labels = [label, *[""] * (len(rows) - 1)]
    return [(Piece(f" {text:<{LABEL_WIDTH}}", "dim"), *row) for text, row in zip(labels, rows, strict=True)]


def _pair(left: list[Line], right: list[Line], half: int) -> list[Line]:
    rows = max(len(left), len(right))
    left += [()] * (rows - len(left))
    right += [()] * (rows - len(right))
    pairs: list[Line] = []
    for one, other in zip(left, right, strict=True):
        fitted = fit(one, half)
        pairs.append((*fitted, Piece(" " * (half - width_of(fitted))), *other))
    return pairs
