"""Files that hold what cannot be had again: private to the user, whole or not there."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile


def write_private(path: Path, content: bytes) -> None:
    """Write a file with mode 0600 at once: readers see the old content or the new one. Raises `OSError`."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise


def private_folder(path: Path) -> Path:
    """Return a folder that only the user can read, made where it is missing. Raises `OSError`."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
