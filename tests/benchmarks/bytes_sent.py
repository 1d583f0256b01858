"""Bytes that snaptui sends to the terminal, against those that curses sends to show the same frames.

Every frame that snaptui shows is recorded and drawn again by `twin.py`, and the twin's screen is compared with the
recorded one, cell for cell.
"""

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from account import browsing
from demo_server import demo_server
from drawable import differences, for_twin, look
from measured import HEADING, Measured
from terminal import Frame, Process, Size, Step, running

REACH: Final = 1.25
SNAPSHOTS: Final = 240
LATENCY_SECONDS: Final = 0.05
SIZES: Final = ((80, 24), (200, 50))
START: Final = "start"
# What it is called in the table, if it is in it, and the key.
STEPS: Final = (
    ("cursor down", "j"),
    ("page down", "]"),
    ("mark", " "),
    ("", "/"),
    ("a key in the filter", "w"),
    ("", "\r"),
    ("open the review", "d"),
)
LOADED: Final = "✓ complete"
QUIET_SECONDS: Final = 0.7
TWIN_QUIET_SECONDS: Final = 0.12


def record(size: Size, latency_seconds: float) -> list[Step]:
    """Run the program in a demo account and return what each step sent and showed."""
    with demo_server(SNAPSHOTS, latency_seconds) as server, browsing(server.url, size) as process:
        start = process.follow(START, QUIET_SECONDS, lambda frame: LOADED in "".join(frame.lines))
        return [start, *(press(process, what, key) for what, key in STEPS)]


def press(process: Process, what: str, key: str) -> Step:
    """Type a key and return what came of it."""
    before = process.frame
    process.send(key)
    return process.follow(what, QUIET_SECONDS, lambda frame: frame != before)


def replay(steps: list[Step], size: Size) -> list[int]:
    """Let curses draw the same frames and return the bytes of each step."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "frames.json"
        file.write_text(json.dumps([for_twin(frame) for step in steps for frame in step.frames]), encoding="utf-8")
        with running([str(Path(__file__).with_name("twin.py")), str(file)], size) as process:
            sent = []
            for number, step in enumerate(steps):
                sent.append(sum(redraw(process, frame, number + n > 0) for n, frame in enumerate(step.frames)))
            return sent


def redraw(process: Process, frame: Frame, by_key: bool) -> int:
    """Let curses draw the next frame, which must look the same, and return its bytes."""
    if by_key:
        process.send("n")
    wanted = look(frame)
    try:
        return process.follow("the twin", TWIN_QUIET_SECONDS, lambda shown: look(shown) == wanted).sent
    except AssertionError as error:
        raise AssertionError(differences(process.frame, frame)) from error


def compare(size: Size, latency_seconds: float) -> Iterable[Measured]:
    """Return the bytes of each step in a terminal of so many columns and rows."""
    steps = record(size, latency_seconds)
    for step, sent in zip(steps, replay(steps, size), strict=True):
        if not step.what:
            continue
        frames = f" ({len(step.frames)} frames)" if step.what == START else ""
        what = f"bytes, {size[0]}x{size[1]}, {latency_seconds * 1000:g} ms: {step.what}{frames}"
        yield Measured(what, f"{step.sent:,}", f"curses {sent:,}", step.sent / max(sent, 1), REACH)


def measure() -> list[Measured]:
    """Compare all steps in all sizes."""
    found: list[Measured] = []
    for size in SIZES:
        found += compare(size, 0.0)
        found += [one for one in compare(size, LATENCY_SECONDS) if START in one.what]
    return found


if __name__ == "__main__":
    print(HEADING)
    for one in measure():
        print(one.row)
