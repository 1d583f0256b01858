"""Errors of files, each in one sentence for the user."""


class FileError(OSError):
    """A file or folder that cannot be used; `str()` names it, says why, and `strerror` is the reason alone."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.strerror = reason

    def __str__(self) -> str:
        return str(self.args[0])


class MissingFileError(FileError):
    """There is nothing at the path, not even a link that leads nowhere."""
