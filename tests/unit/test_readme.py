"""What the README says is so."""

import re
from pathlib import Path

from textual.binding import Binding

from snaptui.cli.exit_codes import ExitCode
from snaptui.query import SYNTAX, parse
from snaptui.tui.browse.screen import BrowseScreen
from snaptui.tui.browse.table import SnapshotTable
from snaptui.tui.dialogs.help import KEY_NAMES

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def test_every_example_of_the_query_language_is_documented_and_works() -> None:
    documented = re.findall(r"`([^`]+)`", README.partition("## Filter")[2].partition("## Without")[0])
    for example, _ in SYNTAX:
        parse(example)
        missing = [term for term in example.split(" ") if not any(term in text for text in documented)]
        assert not missing, example


def test_every_key_is_documented() -> None:
    keys = README.partition("## Keys")[2].partition("## Deleting")[0]
    for binding in (*BrowseScreen.BINDINGS, *SnapshotTable.BINDINGS):
        assert isinstance(binding, Binding)
        names = [KEY_NAMES.get(key, key) for key in binding.key.split(",")]
        assert any(name in keys for name in names if not name.isdigit()) or names[0].isdigit(), binding.key


def test_every_exit_code_is_documented() -> None:
    for code in ExitCode:
        assert f"| {code.value} |" in README


def test_every_picture_that_is_shown_is_there() -> None:
    for name in re.findall(r"\((screenshots/[^)]+)\)", README):
        assert (ROOT / name).exists()
