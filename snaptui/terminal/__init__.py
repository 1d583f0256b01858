"""A Textual driver that keeps the cells it has put on the terminal and sends only those that changed.

Out: Textual's output → `spelling` (no colour, ASCII) → `stream` → the wanted cells (`grid`) → `painter` (what differs
from the shown cells) → `output` (a thread that writes). `screen` joins these without I/O, `flow` decides when the next
frame may leave, `link` estimates how much of it passes at once, `frames` joins them, `sender` gives them a clock.

In: `keyboard` (a thread that reads) → `input_parser` (whole sequences or none) → `key_events` → the application.

`driver` takes the terminal over (`modes`, `size`, `description`) and gives it back; `job_control` and `end_signals` are
about stopping and ending.
"""
