"""Audit report as one HTML file: no script, no request to anywhere, charts drawn in SVG and CSS."""

from collections.abc import Iterable
from importlib.resources import files
from typing import Final

from jinja2 import Environment, StrictUndefined
from msgspec import Struct

from snaptui.audit.groups import Group
from snaptui.report import audit_words as words
from snaptui.report.audit import AuditReport
from snaptui.text.amounts import dollars, total_gigabytes
from snaptui.text.safe import visible

_WIDTH: Final = 900
_HEIGHT: Final = 160
_MOST_MONTHS: Final = 240


class Bar(Struct, frozen=True):
    """One month of the chart, in the units of its view box."""

    x: float
    y: float
    width: float
    height: float
    said: str


class Chart(Struct, frozen=True):
    """The months' chart: `most` is the cost in cents of the highest bar."""

    bars: tuple[Bar, ...] = ()
    first: str = ""
    last: str = ""
    most: int = 0
    width: int = _WIDTH
    height: int = _HEIGHT


def as_html(report: AuditReport) -> str:
    """Return the report as a whole HTML document; all that comes from outside is escaped by the template engine."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(files("snaptui.report").joinpath("audit.html.jinja").read_text("utf-8"))
    return template.render(
        report=report,
        words=words,
        unjudged=words.unjudged(report),
        chart=month_chart(report.months),
        percent=_percent,
        dollars=dollars,
        total_gigabytes=total_gigabytes,
        visible=visible,
    )


def _percent(cents: int, of: int) -> str:
    return f"{100 * cents / of:.1f}" if of else "0"


def month_chart(months: Iterable[Group]) -> Chart:
    """Return the chart of what is left of each month, months without any included, oldest first."""
    costs = {number: group for group in months if (number := _month_number(group.label)) is not None}
    if not costs:
        return Chart()
    last = max(costs)
    first = max(min(costs), last - _MOST_MONTHS + 1)
    most = max(group.cents for group in costs.values())
    step = _WIDTH / (last - first + 1)
    bars = []
    for number, group in sorted(costs.items()):
        if number >= first:
            height = round(_HEIGHT * group.cents / most, 2) if most else 0.0
            x, y = round((number - first) * step, 2), round(_HEIGHT - height, 2)
            said = f"{group.label}: ${dollars(group.cents)} a month, {group.count:,}"
            bars.append(Bar(x, y, round(step * 0.85, 2), height, said))
    return Chart(tuple(bars), _month_text(first), _month_text(last), most)


def _month_number(label: str) -> int | None:
    year, _, month = label.partition("-")
    return int(year) * 12 + int(month) - 1 if year.isdecimal() and month.isdecimal() else None


def _month_text(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
