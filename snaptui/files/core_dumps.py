"""Core dumps off: the memory of a process that crashes holds the token, and must not end in a file."""

import resource
import sys
from contextlib import suppress

_NONE = 1 if sys.platform == "linux" else 0
"""Linux gives a dump to a program (a pipe in core_pattern) whatever the limit is, except for a limit of 1."""


def forbid_core_dumps() -> None:
    """Let neither this process nor those that it starts leave a core dump."""
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    allowed = _NONE if most == resource.RLIM_INFINITY else min(_NONE, most)
    with suppress(ValueError, OSError):  # what may not be set stays as it is
        resource.setrlimit(resource.RLIMIT_CORE, (allowed, allowed))
