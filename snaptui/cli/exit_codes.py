"""What the exit code says."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The program's exit codes."""

    FINE = 0
    NOT_ALL_DELETED = 1
    USAGE = 2
    NOT_PERMITTED = 3
    INCOMPLETE = 4
    API_FAILED = 5
    INTERRUPTED = 130
