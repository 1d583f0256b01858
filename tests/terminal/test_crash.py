"""A crash of the screen gives the terminal back, says so and is no success: exit code 70."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import snaptui
from snaptui.cli.exit_codes import ExitCode
from snaptui.demo.api import DEMO_TOKEN
from tests.support.server import ScriptedServer

from .conftest import Terminal
from .processes import alive, family

Serve = Callable[..., ScriptedServer]
WIDE, NARROW = (160, 40), (80, 24)
GIVEN_BACK = b"\x1b[?1049l"


Damage = Callable[[Path], object]


def _gone(file: Path) -> None:
    file.unlink()


def _cut(file: Path) -> None:
    """Leave out the function that makes events of what the terminal sends."""
    file.write_text(file.read_text().replace("def messages_of(", "def messages_of_no("))
    file.write_text(
        f"{file.read_text()}\n\ndef messages_of(token: Token) -> Iterator[Message | str]:\n    raise KeyError\n"
    )


@pytest.mark.parametrize(
    ("file", "damage", "error", "size", "key"),
    [
        ("tui/dialogs/help.py", _gone, "ModuleNotFoundError", NARROW, "?"),
        ("tui/audit/panel.py", _gone, "ModuleNotFoundError", WIDE, ""),
        ("terminal/key_events.py", _cut, "KeyError", NARROW, ""),
    ],
    ids=["handling a key", "in a worker", "reading keys"],
)
def test_a_crash_ends_with_a_code_of_its_own_and_says_so(
    serve: Serve, tmp_path: Path, file: str, damage: Damage, error: str, size: tuple[int, int], key: str
) -> None:
    # As an upgrade leaves the program that was interrupted.
    package = tmp_path / "damaged" / "snaptui"
    shutil.copytree(Path(snaptui.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    damage(package / file)
    server = serve()
    environment = {"PYTHONPATH": str(package.parent), "DIGITALOCEAN_TOKEN": DEMO_TOKEN}
    screen = Terminal([sys.executable, "-m", "snaptui", "--api-url", server.url], environment, size)
    screen.until(lambda: GIVEN_BACK in screen.written or "✓ complete" in screen.text)
    started = family(screen.process.pid)
    screen.press(*key)
    assert screen.end() == ExitCode.CRASHED
    after = bytes(screen.written).rpartition(GIVEN_BACK)[2].decode()
    assert "snaptui crashed. Nothing more will be deleted. Please report what stands above." in after
    assert error in after
    assert DEMO_TOKEN not in screen.written.decode(errors="replace")
    screen.until(lambda: not alive(started))
    screen.close()
