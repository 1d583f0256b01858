"""File of one batch: each line is on disk whole or not at all; at a full disk `owner` blocks the batch."""

import fcntl
import os
import threading
from pathlib import Path

from msgspec.json import encode

from snaptui.deletion.batch import Item
from snaptui.deletion.journal_lines import EndLine, IntentLine, Line, OutcomeLine, WithdrawnLine


class JournalError(Exception):
    """The journal cannot be written or read: where, what, and what to do."""


class BatchFile:
    """The file of one batch, open and locked for writing. Every method returns when its line is on disk."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor
        self._lock = threading.Lock()

    def intend(self, at: float, snapshot_id: str) -> None:
        """Record that a DELETE is about to be sent."""
        self.write(IntentLine(at, snapshot_id))

    def withdraw(self, at: float, snapshot_id: str) -> None:
        """Record that the DELETE that was intended was not sent."""
        self.write(WithdrawnLine(at, snapshot_id))

    def settle(self, at: float, item: Item) -> None:
        """Record how an item ended."""
        if item.outcome is not None:
            self.write(OutcomeLine(at, item.snapshot.id, item.outcome, item.reason, item.request_id))

    def end(self, at: float) -> None:
        """Record that nothing more comes, and let the file go."""
        self.write(EndLine(at))
        self.close()

    def close(self) -> None:
        """Let the file go; a batch without an end is offered again at the next start."""
        with self._lock:
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1

    def write(self, line: Line) -> None:
        """Put a line on disk, whole or not at all. Raises `JournalError`."""
        data = encode(line) + b"\n"
        with self._lock:
            try:
                before = os.fstat(self._descriptor).st_size
                self._append(data, before)
            except OSError as error:
                raise unwritable(self.path, error.strerror or "it is closed") from None

    def _append(self, data: bytes, before: int) -> None:
        if before and os.pread(self._descriptor, 1, before - 1) != b"\n":
            data = b"\n" + data  # a line that was cut off when its writer was killed
        try:
            written = os.write(self._descriptor, data)
            os.fsync(self._descriptor)
            if os.fstat(self._descriptor).st_nlink == 0:
                raise OSError(0, "its file was removed")  # else all that is written would go nowhere, unnoticed
        except OSError:
            # A part of it may be there, or all of it: what was not said to be on disk must not be read later.
            os.ftruncate(self._descriptor, before)
            raise
        if written != len(data):
            os.ftruncate(self._descriptor, before)
            raise OSError(0, "the disk is full")


def unwritable(path: Path, reason: str) -> JournalError:
    """Return the error for a journal that cannot be written: where, and why."""
    return JournalError(f"the journal {path} cannot be written ({reason})")


def locked(path: Path, flags: int = 0) -> BatchFile:
    """Open a batch's file for this process alone; raises `BlockingIOError` while another holds it, and `OSError`."""
    # Without O_NONBLOCK a pipe would be waited for; what is no file has been passed over before.
    flags |= os.O_RDWR | os.O_APPEND | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return BatchFile(path, descriptor)
