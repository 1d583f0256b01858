"""File of one batch: each line is on disk whole or not at all; at a full disk `batch_owner` blocks the batch.

A file that was removed, or moved away, while a batch is worked off is put back whole where the next start looks.
"""

import fcntl
import os
import threading
from pathlib import Path
from typing import Final
from uuid import uuid4

from msgspec.json import encode

from snaptui.deletion.items import Item
from snaptui.deletion.journal_lines import ConfirmedLine, EndLine, IntentLine, Line, OutcomeLine, WithdrawnLine
from snaptui.files.private import FILE_MODE, private_folder, sync_folder

COPIED_BYTES: Final = 1 << 20


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

    def write(self, line: Line | ConfirmedLine) -> None:
        """Put a line on disk, whole or not at all. Raises `JournalError`."""
        data = encode(line) + b"\n"
        with self._lock:
            try:
                if not self._is_in_place():
                    self._put_back()
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
            if not self._is_in_place():
                raise OSError(0, "its file was removed")  # else all that is written would go nowhere, unnoticed
        except OSError:
            # A part of it may be there, or all of it: what was not said to be on disk must not be read later.
            os.ftruncate(self._descriptor, before)
            raise
        if written != len(data):
            os.ftruncate(self._descriptor, before)
            raise OSError(0, "the disk is full")

    def _is_in_place(self) -> bool:
        """Return whether the file that is written is the one that the next start finds."""
        own = os.fstat(self._descriptor)
        try:
            there = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        return (there.st_ino, there.st_dev) == (own.st_ino, own.st_dev)

    def _put_back(self) -> None:
        """Put all that was written so far where it was, and go on there."""
        folder = private_folder(self.path.parent)
        aside = folder / f".snaptui-{uuid4().hex}"
        copy = os.open(aside, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)
        try:
            fcntl.flock(copy, fcntl.LOCK_EX | fcntl.LOCK_NB)  # before anybody can find it
            _copy(self._descriptor, copy)
            os.link(aside, self.path)
            sync_folder(folder)
        except OSError as error:
            os.close(copy)
            if isinstance(error, FileExistsError):
                raise OSError(0, "another file stands where it was") from None
            raise
        finally:
            aside.unlink(missing_ok=True)
        os.close(self._descriptor)
        self._descriptor = copy


def _copy(source: int, target: int) -> None:
    """Put all bytes of a file into another, on disk."""
    at = 0
    while piece := os.pread(source, COPIED_BYTES, at):
        if os.write(target, piece) != len(piece):
            raise OSError(0, "the disk is full")
        at += len(piece)
    os.fsync(target)


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
