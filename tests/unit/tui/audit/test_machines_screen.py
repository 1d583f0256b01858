"""Words of machines: what is not known is never said to be well."""

from snaptui.audit.machines import Machine, Uncovered
from snaptui.text.lines import Line
from snaptui.tui.audit.finding_lines import machines_line
from snaptui.tui.audit.machines_screen import machine_lines

UNDATED = "of 2 droplets it cannot be told: the dates of their snapshots are not known"


def text(lines: list[Line]) -> str:
    return "\n".join("".join(piece.text for piece in line) for line in lines)


def test_machines_whose_snapshots_have_no_dates_are_not_said_to_be_covered() -> None:
    unsure = Uncovered("droplet", undated=2, of=2)
    assert machines_line(unsure) == UNDATED
    assert text(machine_lines(unsure, 0.0)) == f" {UNDATED}"
    both = Uncovered("droplet", (Machine("droplet", "1", "web", None),), undated=2, of=3)
    assert machines_line(both) == f"no snapshot: web; {UNDATED}"
    assert text(machine_lines(both, 0.0)).splitlines()[1] == f" {UNDATED}"
    assert "every droplet has a new snapshot" in text(machine_lines(Uncovered("droplet", of=2), 0.0))
