"""snaptui as the client of a demo account."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from terminal import Process, Size, running

from snaptui.demo.api import DEMO_TOKEN

SNAPTUI: Final = ("-m", "snaptui")


@contextmanager
def browsing(url: str, size: Size, program: tuple[str, ...] = SNAPTUI) -> Iterator[Process]:
    """Run snaptui on an account that is served there."""
    with running([*program, "--api-url", url], size, DIGITALOCEAN_TOKEN=DEMO_TOKEN) as process:
        yield process
