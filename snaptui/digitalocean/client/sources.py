"""Reading of droplets, volumes and autoscale pools; a list that cannot be read whole is unknown, never gone."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from snaptui.digitalocean.api import requests
from snaptui.digitalocean.api.answers import read_autoscale_pools, read_droplets, read_volumes
from snaptui.digitalocean.api.errors import ApiError
from snaptui.digitalocean.api.requests import Answer, Identified, Page, Request
from snaptui.digitalocean.client.pages import read_whole
from snaptui.model.sources import AutoscalePool, PoolList, Resource, SourceList, Sources

R = TypeVar("R", bound=Identified)


class Answers(Protocol):
    """Interface of a client that answers requests."""

    async def answer(self, request: Request) -> Answer:
        """Return the answer to a request, or raise `ApiError`."""
        ...


async def read_sources(client: Answers) -> Sources:
    """Return all droplets, GPU droplets included, all volumes and all autoscale pools."""
    droplets, gpus, volumes, pools = await asyncio.gather(
        _resources(lambda page: _page(client, requests.list_droplets(page, gpus=False), read_droplets), "droplets"),
        _resources(lambda page: _page(client, requests.list_droplets(page, gpus=True), read_droplets), "GPU droplets"),
        _resources(lambda page: _page(client, requests.list_volumes(page), read_volumes), "volumes"),
        _pools(client),
    )
    both = SourceList.of([*droplets.resources, *gpus.resources], droplets.problem or gpus.problem)
    return Sources(both, volumes, pools)


async def read_pools(client: Answers) -> tuple[AutoscalePool, ...]:
    """Return all autoscale pools; raises `ApiError`."""
    return await read_whole(lambda page: _page(client, requests.list_autoscale_pools(page), read_autoscale_pools))


async def _page(client: Answers, request: Request, read: Callable[[Answer], Page[R]]) -> Page[R]:
    return read(await client.answer(request))


async def _resources(fetch: Callable[[int], Awaitable[Page[Resource]]], what: str) -> SourceList:
    try:
        return SourceList.of(await read_whole(fetch), None)
    except ApiError as error:
        return SourceList({}, f"{what} could not be read: {error}")


async def _pools(client: Answers) -> PoolList:
    try:
        return PoolList(await read_pools(client), None)
    except ApiError as error:
        return PoolList((), f"autoscale pools could not be read: {error}")
