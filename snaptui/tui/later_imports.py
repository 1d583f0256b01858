"""Rooms imported after the first frame, which does without them."""

import asyncio
from importlib import import_module
from typing import Final

# Not left until a key opens one: an upgrade may have replaced the files by then.
ROOMS: Final = (
    "snaptui.tui.deletions.room",
    "snaptui.tui.dialogs.token",
    "snaptui.tui.details.screen",
    "snaptui.tui.dialogs.help",
    "snaptui.tui.dialogs.leave",
    "snaptui.tui.dialogs.export",
    "snaptui.tui.audit.screen",
    "snaptui.tui.audit.panel",
    "snaptui.tui.planner.screen",
    "snaptui.tui.deletions.screen",
)


async def import_rooms() -> None:
    """Import the rooms one by one on another thread, so that keys do not wait for it."""
    for room in ROOMS:
        await asyncio.to_thread(import_module, room)
