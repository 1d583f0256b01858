"""Markdown tables whose cells cannot be anything else than text."""

import re
from collections.abc import Sequence
from typing import Final

_MARKUP: Final = re.compile(r"([\\|`*_\[\]#~])")


def escaped(text: str) -> str:
    """Return a text in which nothing is markup, an HTML tag, or the end of a cell."""
    return _MARKUP.sub(r"\\\1", text).replace("&", "&amp;").replace("<", "&lt;")


def row(cells: Sequence[str]) -> str:
    """Return a line of a table."""
    return f"| {' | '.join(map(escaped, cells))} |"


def rule(right: Sequence[bool]) -> str:
    """Return the line under the headings; `right` says which columns are aligned to the right."""
    return f"|{'|'.join(' ---: ' if one else ' --- ' for one in right)}|"
