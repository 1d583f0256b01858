"""Exit codes of the program."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes; the README and `--help` have the same table."""

    FINE = 0
    NOT_ALL_DELETED = 1
    USAGE = 2
    NOT_PERMITTED = 3
    INCOMPLETE = 4
    API_FAILED = 5
    FOUND = 6
    NOT_WRITTEN = 7
    CRASHED = 70
    INTERRUPTED = 130
