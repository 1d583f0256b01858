"""Terminal size in cells, from the kernel: the environment's may be older than the window."""

import os
import shutil


def terminal_size(descriptor: int) -> tuple[int, int]:
    """Return width and height; those of the environment, or 80x24, only where the kernel has none."""
    try:
        width, height = os.get_terminal_size(descriptor)
    except OSError:
        width = height = 0
    # A pseudo-terminal that nobody has given a size says 0x0.
    if not (width and height):
        width, height = shutil.get_terminal_size((80, 24))
    return width, height
