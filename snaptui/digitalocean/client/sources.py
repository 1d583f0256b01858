"""Reads the droplets and volumes of an account; what cannot be read whole is unknown, never gone."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from snaptui.digitalocean.api import requests
from snaptui.digitalocean.api.errors import ApiError
from snaptui.digitalocean.api.requests import Request
from snaptui.model.sources import SourceList, Sources


class ResourceLists(Protocol):
    """Something that lists of droplets and volumes can be had from."""

    async def get_resources(self, member: str, request: Callable[[int], Request]) -> dict[str, str]:
        """Return the names by id of all there are, or raise `ApiError`."""
        ...


async def read_sources(client: ResourceLists) -> Sources:
    """Return all droplets, GPU droplets included, and all volumes."""
    droplets, gpus, volumes = await asyncio.gather(
        _read(client, "droplets", lambda page: requests.list_droplets(page, gpus=False)),
        _read(client, "droplets", lambda page: requests.list_droplets(page, gpus=True)),
        _read(client, "volumes", requests.list_volumes),
    )
    both = SourceList({**droplets.names, **gpus.names}, droplets.problem or gpus.problem)
    return Sources(both, volumes)


async def _read(client: ResourceLists, member: str, request: Callable[[int], Request]) -> SourceList:
    try:
        return SourceList(await client.get_resources(member, request), None)
    except ApiError as error:
        return SourceList({}, f"{member} could not be read: {error}")
