"""Bounded reads of regular files: no pipe to wait for, no endless device, no more than a caller expects."""

import os
import stat
from pathlib import Path
from typing import Final

from snaptui.files.errors import FileError, MissingFileError

_KINDS: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def read_regular(path: Path, limit: int) -> bytes:
    """Return the content of a regular file of at most `limit` bytes, following links.

    Raises `MissingFileError` when nothing is at the path, and `FileError` for all else that cannot be read whole:
    a link that leads nowhere, a folder, pipe, socket or device, a larger file, one without permission.
    """
    return read_with_mode(path, limit)[0]


def read_with_mode(path: Path, limit: int) -> tuple[bytes, int]:
    """Return the same content, and the permission bits of exactly the file that it was read from."""
    try:
        # Asked before it is opened: opening some devices is an act of its own, such as rewinding a tape.
        _need_regular(path, path.stat().st_mode)
        # Without O_NONBLOCK, a pipe that took the file's place meanwhile would be waited for.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            mode = os.fstat(descriptor).st_mode
            _need_regular(path, mode)
            content = file.read(limit + 1)
    except FileError:
        raise
    except (FileNotFoundError, NotADirectoryError) as error:
        lost = next((link for link in (path, *path.parents) if link.is_symlink() and not link.exists()), None)
        if lost is not None:
            said = "it" if lost == path else str(lost)
            raise _unreadable(path, f"{said} is a link that leads nowhere") from None
        raise MissingFileError(f"{path} is not there", _reason(error)) from None
    except OSError as error:
        raise _unreadable(path, _reason(error)) from None
    except ValueError:
        raise _unreadable(path, "no file can have this name") from None
    if len(content) > limit:
        raise _unreadable(path, f"it is larger than {_size(limit)}")
    return content, stat.S_IMODE(mode)


def _need_regular(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        kind = next((word for test, word in _KINDS if test(mode)), "something else")
        raise _unreadable(path, f"it is {kind}, not a regular file")


def _unreadable(path: Path, reason: str) -> FileError:
    return FileError(f"{path} cannot be read: {reason}", reason)


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _size(limit: int) -> str:
    return f"{limit // 1_000_000} MB" if limit >= 1_000_000 else f"{max(1, limit // 1_000)} kB"
