"""Rooms imported after the first frame: all that a key may need."""

import subprocess
import sys
from pathlib import Path

import snaptui.tui

SCRIPT = """
import sys, snaptui.cli.browse, snaptui.tui.app
from importlib import import_module
from snaptui.tui.later_imports import ROOMS
for room in ROOMS:
    import_module(room)
print(*sys.modules)
"""


def test_no_module_of_the_screen_is_left_until_a_key_asks_for_it() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    folder = Path(snaptui.tui.__file__).parent
    paths = (path.relative_to(folder.parents[1]).with_suffix("") for path in folder.rglob("*.py"))
    modules = {".".join(path.parts).removesuffix(".__init__") for path in paths}
    assert len(modules) > 50
    assert modules - set(done.stdout.split()) == set()
