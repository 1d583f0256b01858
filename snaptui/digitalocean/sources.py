"""Reads what snapshots depend on and what depends on them; what cannot be read whole is unknown, never gone."""

import asyncio
from collections.abc import Callable

from snaptui.digitalocean import answers, protocol
from snaptui.digitalocean.client import Client
from snaptui.digitalocean.errors import ApiError, UnreadableAnswerError
from snaptui.digitalocean.protocol import Request
from snaptui.model.sources import SourceList, Sources


async def read_sources(client: Client) -> Sources:
    """Return all droplets, GPU droplets included, and all volumes; never raises an `ApiError`."""
    droplets, gpus, volumes = await asyncio.gather(
        _read(client, "droplets", lambda page: protocol.list_droplets(page, gpus=False)),
        _read(client, "droplets", lambda page: protocol.list_droplets(page, gpus=True)),
        _read(client, "volumes", protocol.list_volumes),
    )
    both = SourceList({**droplets.names, **gpus.names}, droplets.problem or gpus.problem)
    return Sources(both, volumes)


async def read_autoscale_images(client: Client) -> frozenset[str]:
    """Return the ids of the images that autoscale pools start droplets from; raises unless all could be read."""
    images: frozenset[str] = frozenset()
    page, seen, total = 1, 0, 1
    while seen < total:
        found = answers.read_autoscale_images(await client.answer(protocol.list_autoscale_pools(page)))
        if not found.pools and found.total:
            raise UnreadableAnswerError("the list changed while it was read", hint="Reload to try again.")
        images |= found.images
        page, seen, total = page + 1, seen + found.pools, found.total
    return images


async def _read(client: Client, member: str, request: Callable[[int], Request]) -> SourceList:
    """Return the names by id, and unless every page came and the list held still, what the problem was."""
    names: dict[str, str] = {}
    page, total = 1, 1
    while len(names) < total:
        try:
            found = answers.read_resources(await client.answer(request(page)), member)
        except ApiError as error:
            return SourceList(names, f"{member} could not be read: {error}")
        before = len(names)
        names |= found.names
        moved = (page > 1 and found.total != total) or len(names) - before < found.rows
        if moved or (not found.rows and found.total):
            return SourceList(names, f"{member} changed while they were read")
        page, total = page + 1, found.total
    return SourceList(names, None if len(names) == total else f"{member} changed while they were read")
