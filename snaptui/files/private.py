"""Atomic writes of files, and folders, that only the user can read (0600, 0700)."""

import os
import stat
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from snaptui.files.errors import FileError

FILE_MODE: Final = 0o600
FOLDER_MODE: Final = 0o700


def write_private(path: Path, content: bytes) -> None:
    """Write a file with mode 0600, whatever the umask: readers see the old content or the new one, never a part.

    Returns when the content is on disk. Raises `FileError`, and then the old content is still there.
    """
    try:
        # Not named after the file: a name of 250 letters is valid, and one with something added is not.
        with NamedTemporaryFile(dir=path.parent, prefix=".snaptui-", delete=False) as file:
            try:
                os.fchmod(file.fileno(), FILE_MODE)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(path)
            finally:
                Path(file.name).unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FileError(f"{path} cannot be written: {reason}", reason) from None
    except ValueError:
        reason = "no file can have this name"
        raise FileError(f"{path} cannot be written: {reason}", reason) from None


def private_folder(path: Path) -> Path:
    """Return a folder that only the user can read (0700), made where it is missing, its parents too.

    One that others can read is closed to them. Raises `FileError` when it cannot be made or closed.
    """
    try:
        _make(path)
        if stat.S_IMODE(path.stat().st_mode) & 0o777 != FOLDER_MODE:
            path.chmod(FOLDER_MODE)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FileError(
            f"{path} cannot be made a folder that only you can read (chmod 700): {reason}", reason
        ) from None
    return path


def _make(path: Path) -> None:
    """Make a folder and its missing parents, all 0700, which `mkdir` alone does not do for parents or odd umasks."""
    if path.is_dir():
        return
    if path.parent != path:
        _make(path.parent)
    try:
        path.mkdir(FOLDER_MODE)
    except FileExistsError:
        if not path.is_dir():  # else another process was quicker
            raise
    else:
        path.chmod(FOLDER_MODE)


def sync_folder(folder: Path) -> None:
    """Put a file's new name on disk, too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
