"""The README's sentences, tables and commands, tried for truth."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from snaptui.cli.exit_codes import ExitCode
from snaptui.query import SYNTAX, parse
from snaptui.tui.app import SnaptuiApp
from snaptui.tui.audit.screen import AuditScreen
from snaptui.tui.browse.commands import COMMANDS
from snaptui.tui.browse.filter import FilterInput
from snaptui.tui.deletions.covering_screen import COVERING
from snaptui.tui.deletions.screen import DeletionsScreen
from snaptui.tui.details.screen import DetailsScreen
from snaptui.tui.keys.command import Declared, Group
from snaptui.tui.planner.screen import PlannerScreen
from snaptui.tui.review.screen import ReviewDeletionScreen

ROOT = Path(__file__).parents[2]


def _own(commands: Iterable[Declared]) -> list[Declared]:
    """Return what a screen adds to what all have."""
    return [command for command in commands if command not in COVERING]


README = (ROOT / "README.md").read_text()


def test_every_example_of_the_query_language_is_documented_and_works() -> None:
    documented = re.findall(r"`([^`]+)`", README.partition("## Filter")[2].partition("## Without")[0])
    for example, _ in SYNTAX:
        parse(example)
        missing = [term for term in example.split(" ") if not any(term in text for text in documented)]
        assert not missing, example


def _table(commands: Iterable[Declared]) -> str:
    """Return the table of the README for some commands, group by group."""
    declared = list(commands)
    rows = ["| keys | what they do |", "|---|---|"]
    for group in Group:
        members = [command for command in declared if command.group is group]
        rows += [f"| **{group}** | |"] if members else []
        rows += [f"| {' '.join(f'`{key}`' for key in each.printed.split(' '))} | {each.help} |" for each in members]
    return "\n".join(rows)


KEYS: dict[str, Iterable[Declared]] = {
    "In the table of snapshots:": [*COMMANDS, *SnaptuiApp.DECLARED],
    "In the filter:": FilterInput.DECLARED,
    "In everything that opens:": COVERING,
    "In the details:": _own(DetailsScreen.DECLARED),
    "In the review:": _own(ReviewDeletionScreen.DECLARED),
    "In the audit:": AuditScreen.DECLARED,
    "In the keep policy:": PlannerScreen.DECLARED,
    "In the deletions:": _own(DeletionsScreen.DECLARED),
}


@pytest.mark.parametrize("where", KEYS)
def test_the_keys_are_documented_row_for_row(where: str) -> None:
    documented = README.partition(where)[2].lstrip().partition("\n\n")[0]
    assert documented == _table(KEYS[where]), f"the README should say:\n\n{where}\n\n{_table(KEYS[where])}\n"


def test_every_exit_code_is_documented() -> None:
    for code in ExitCode:
        assert f"| {code.value} |" in README


def test_every_picture_that_is_shown_is_there() -> None:
    for name in re.findall(r"\((screenshots/[^)]+)\)", README):
        assert (ROOT / name).exists()
