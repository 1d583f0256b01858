"""A tour of the whole application: the cells sent show what whole frames show, on every screen and at every size."""

import re
from codecs import getincrementaldecoder
from collections.abc import Callable
from pathlib import Path

from snaptui.demo.api import DEMO_TOKEN
from snaptui.terminal.frames import QUESTION, Frames
from snaptui.terminal.screen_model import CellScreen
from tests.support.server import ScriptedServer

from ..unit.terminal.conftest import Terminal as Emulator
from .conftest import Open, Terminal

Serve = Callable[..., ScriptedServer]
ESC = "\x1b"
SETTLED_SECONDS = 0.05
UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?)?\Z")
SIZES = ((20, 6), (40, 12), (80, 24), (120, 40), (200, 50))
# Keys, and what is to be seen then, where it can be told at every size.
TOUR = (
    ("", "240"),
    ("jjk", ""),
    ("]]", ""),
    ("[", ""),
    ("G", ""),
    ("g", " 1–"),
    (" ", ""),
    ("vjj", "range"),
    ("v", "4 now"),
    ("A", ""),
    ("U", ""),
    ("/web ", "/ web"),
    ("size>", "size>"),
    ("2GB", "2GB"),
    ("\r", ""),
    (ESC, "/ press"),
    ("3", ""),
    ("3", ""),
    ("o", ""),
    ("t", "droplets only"),
    ("t", "volumes only"),
    ("tp", ""),
    ("p", ""),
    ("\r", "Snapshot"),
    ("j]", ""),
    (ESC, "/ press"),
    ("?", "snaptui help"),
    ("]", ""),
    (ESC, "/ press"),
    ("\x10", "Search"),
    ("mark", "mark"),
    (ESC, "/ press"),
    ("d1", ""),
    (ESC, "/ press"),
)
# On the smallest there is no room to see that something is being deleted.
DELETING = (
    ("d1", "1 key came"),
    ("1", ""),
    ("\r", "takes it back"),
    ("l", "Deletions"),
    (ESC, "/ press"),
    ("u", "taken back"),
)


class Twin:
    """A second terminal: gets as cells that changed what the first one gets as whole frames."""

    def __init__(self, columns: int, rows: int) -> None:
        self.terminal = Emulator(columns, rows)
        self._frames = Frames(CellScreen(columns, rows))
        self._decode = getincrementaldecoder("utf-8")().decode
        self._unfinished = ""  # a pty cuts sequences anywhere; Textual hands them to its driver whole
        self._questions: list[tuple[int, int]] = []
        self._show(self._frames.start(columns, rows, 0.0, is_asked=True))

    def _show(self, output: str) -> None:
        for number, part in enumerate(output.split(QUESTION)):
            if number:
                self._questions.append(self.terminal.place)
            self.terminal.show(part)

    def draw(self, data: bytes) -> None:
        """Draw what there is room for: an answer is late until `settle`."""
        text = self._unfinished + self._decode(data)
        unfinished = UNFINISHED.search(text)
        self._unfinished = unfinished[0] if unfinished else ""
        written = text.removesuffix(self._unfinished).replace(QUESTION, "")
        self._show(self._frames.receive(written))
        self._show(self._frames.draw(0.0))

    def settle(self) -> None:
        """Answer everything, and draw the rest."""
        while self._questions:
            self._frames.answer(0.0, self._questions.pop(0))
            self._show(self._frames.draw(0.0))


class TwinTerminal(Terminal):
    """A terminal with a twin."""

    def __init__(self, arguments: list[str], environment: dict[str, str], size: tuple[int, int]) -> None:
        self.twin = Twin(*size)
        super().__init__(arguments, environment, size)

    def show(self, data: bytes) -> None:
        """Show it on both."""
        super().show(data)
        self.twin.draw(data)


def test_every_screen_looks_the_same_cell_for_cell_at_every_size(
    terminal: Open, serve: Serve, isolated_home: Path
) -> None:
    folder = isolated_home / ".config" / "snaptui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("grace_seconds = 600")
    server = serve()
    options = ("--driver", "plain", "--api-url", server.url)
    screens = [terminal(*options, size=size, kind=TwinTerminal, DIGITALOCEAN_TOKEN=DEMO_TOKEN) for size in SIZES]
    for keys, shown in TOUR:
        _step(screens, keys, shown)
    for keys, shown in DELETING:
        _step(screens[1:], keys, shown)
    assert server.count("DELETE") == 0


def _step(screens: list[Terminal], keys: str, shown: str) -> None:
    before = [len(screen.written) for screen in screens]
    for screen in screens:
        screen.send(keys)
    for screen, length in zip(screens, before, strict=True):
        if keys == ESC:  # with the next key too close behind it, it would be Alt
            screen.until(lambda screen=screen, length=length: len(screen.written) > length)  # type: ignore[misc]
        screen.until_text(shown)
    arrived = [True]
    while any(arrived):
        arrived = [screen.read(SETTLED_SECONDS / len(screens)) for screen in screens]
    for screen in screens:
        assert isinstance(screen, TwinTerminal)
        screen.twin.settle()
        assert screen.twin.terminal.cells == screen.cells, (keys, screen.text)
        assert screen.twin.terminal.place == screen.screen.place, (keys, screen.text)
