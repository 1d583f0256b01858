"""A Textual driver that keeps the cells it has put on the terminal and sends only those that changed.

Textual's output → `stream` → the wanted cells (`grid`) → `painter` (what differs from the shown cells) → the terminal;
`screen` joins these without I/O, `flow` decides when the next frame may leave, `link` estimates how much of it passes
at once, `frames` joins them all, `driver` does the I/O.
"""
