"""A saved listing on the screen, in a process of its own."""

import subprocess
import sys
from pathlib import Path

from tests.contract.test_cli import Serve, run

ROOMS = ("snaptui.tui.audit.screen", "snaptui.tui.planner.screen", "snaptui.tui.dialogs.export")
SCRIPT = f"""
import asyncio, sys, time
from pathlib import Path
from snaptui.config.settings import Settings
from snaptui.deletion.journal import Journal
from snaptui.report.saved import SavedListing
from snaptui.tui.app import SnaptuiApp
from snaptui.tui.session import Session

async def main(kept, folder):
    listing = SavedListing.read(Path(kept))
    session = Session(
        client=None, connect=None, settings=Settings(), credentials=None, api_host="x.invalid",
        journal=Journal(Path(folder)), opened=listing,
    )
    async with SnaptuiApp(session, clock=lambda: listing.saved).run_test() as pilot:
        deadline = time.monotonic() + 20
        while not set({ROOMS!r}) <= set(sys.modules) and time.monotonic() < deadline:
            await pilot.pause()
        print(*sys.modules)

asyncio.run(main(*sys.argv[1:]))
"""


def test_other_screens_are_imported_before_a_key_asks_for_them(serve: Serve, tmp_path: Path) -> None:
    kept = tmp_path / "listing.json"
    assert run("audit", "--save", str(kept), server=serve()).returncode == 0
    arguments = [sys.executable, "-c", SCRIPT, str(kept), str(tmp_path / "deletions")]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert set(ROOMS) <= set(done.stdout.split())
