"""Ways to write an answer badly: not at all, half of it, half of it for now."""

import asyncio
import socket
import struct
from threading import Event
from typing import Final

from snaptui.demo.conversation import Delivery
from tests.support.holds import Holds

LINGER_NOT: Final = struct.pack("ii", 1, 0)


async def hang_up(_writer: asyncio.StreamWriter, _head: bytes, _body: bytes) -> bool:
    """Close without an answer, in an orderly way (FIN), as proxies do."""
    return False


async def reset(writer: asyncio.StreamWriter, _head: bytes, _body: bytes) -> bool:
    """Close with RST, as a machine that has forgotten the connection does."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
    writer.transport.abort()
    return False


async def truncate(writer: asyncio.StreamWriter, head: bytes, body: bytes) -> bool:
    """Promise the whole body, write half of it, close."""
    writer.write(head + body[: len(body) // 2])
    await writer.drain()
    return False


def stalled(event: Event, holds: Holds) -> Delivery:
    """Return a delivery that writes half of the body, and the rest when the event is set."""

    async def deliver(writer: asyncio.StreamWriter, head: bytes, body: bytes) -> bool:
        half = len(body) // 2
        writer.write(head + body[:half])
        await writer.drain()
        await holds.wait(event)
        writer.write(body[half:])
        await writer.drain()
        return True

    return deliver
