"""Machines screen: the machines that a finding counts, by name."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from snaptui.audit.machines import Keeper, Uncovered
from snaptui.text.amounts import age
from snaptui.text.lines import Line, Piece, line
from snaptui.text.safe import visible
from snaptui.tui.audit.finding_lines import undated_words
from snaptui.tui.deletions.countdown_bar import DeletionBar
from snaptui.tui.deletions.covering_screen import COVERING, CoveringScreen
from snaptui.tui.keys.command import Command, Commands, Declared, Group
from snaptui.tui.widgets.lines import Lines
from snaptui.tui.widgets.scroll_lines import ScrollLines


class MachinesScreen(CoveringScreen[None]):
    """Screen that lists the droplets or volumes without a snapshot, or without a new one."""

    def __init__(self, uncovered: Uncovered, now: float) -> None:
        super().__init__()
        self._uncovered = uncovered
        self._now = now

    def compose(self) -> ComposeResult:
        """Put a title above the names."""
        yield Lines(classes="title")
        yield ScrollLines()
        yield DeletionBar()

    def write(self, width: int) -> None:
        """Fill in the names."""
        title = f" {self._uncovered.kind}s without a new snapshot"
        self.query_one(".title", Lines).show([line(Piece(title, "strong"), Piece("   Esc goes back", "dim"))])
        self.text.fill(machine_lines(self._uncovered, self._now))

    @property
    def commands(self) -> Iterator[Declared]:
        """The commands of this screen."""
        return iter(self.DECLARED)

    def action_command(self, key: str) -> None:
        """Do what a key stands for."""
        self.DECLARED.run(key, self, None)

    DECLARED: ClassVar[Commands["MachinesScreen", None]] = Commands(
        *COVERING, Command("escape,q,enter", lambda it: it.dismiss(), "back", Group.PROGRAM)
    )
    BINDINGS: ClassVar[list[BindingType]] = DECLARED.bindings


def machine_lines(uncovered: Uncovered, now: float) -> list[Line]:
    """Return a line for each machine that is not covered, those without any snapshot first."""
    if uncovered.problem:
        return [line(Piece(f" cannot be told: {visible(uncovered.problem)}", "warn"))]
    lines = []
    for machine in uncovered.machines:
        said = "no snapshot" if machine.newest is None else f"newest {age(now - machine.newest)} old"
        keeper = "" if machine.keeper is Keeper.PERSON else f" · {machine.keeper}"
        lines.append(line(f" {visible(machine.name)} ", Piece(f"{visible(machine.id)} · {said}{keeper}", "dim")))
    if uncovered.undated:
        lines.append(line(Piece(f" {undated_words(uncovered)}", "warn")))
    return lines or [line(Piece(f" every {uncovered.kind} has a new snapshot", "good"))]
