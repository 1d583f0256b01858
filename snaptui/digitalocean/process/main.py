"""Entry point of the client's process."""

import gc
import sys
from types import ModuleType


def main(descriptor: int, terminal: int | None = None) -> None:
    """Serve calls over this socket until its other end closes; then give the terminal back and end the process."""
    gc.disable()  # importing makes no garbage
    # httpx would import a command line of its own, and click, rich and pygments with it where they are installed.
    sys.modules.setdefault("httpx._main", ModuleType("httpx._main"))
    import asyncio
    import socket

    from snaptui.digitalocean.process.server import serve
    from snaptui.files.core_dumps import forbid_core_dumps

    forbid_core_dumps()
    # What has been imported stays: each full collection would walk it for 47 ms (measured).
    gc.freeze()
    gc.enable()
    asyncio.run(serve(socket.socket(fileno=descriptor), terminal))
