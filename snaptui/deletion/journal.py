"""Journal of deletions: a file of JSON lines for every batch, written before anything is sent or said.

The first line is the plan; an `intent` stands on disk before each DELETE, `withdrawn` after one that was kept back, an
`outcome` after one that was answered, and `end` closes the batch. The process that works on a batch holds a lock on its
file, which ends with the process however it ends.
"""

import fcntl
import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.json import encode

from snaptui.deletion.batch import Item
from snaptui.deletion.plan import Plan, PlanRecord
from snaptui.deletion.records import (
    EndLine,
    IntentLine,
    Line,
    OutcomeLine,
    PlanLine,
    Recorded,
    WithdrawnLine,
    line_of,
    read,
)
from snaptui.files.errors import FileError
from snaptui.files.private import private_folder
from snaptui.files.reading import read_regular

LARGEST_FILE_BYTES: Final = 128_000_000
"""A plan of 100,000 snapshots takes 40 MB, its intents and outcomes 25 MB."""
_LONGEST_END: Final = 200
"""The last line of a batch that has ended is shorter."""
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_STAMP_LENGTH: Final = len("20261125T144500Z")


class JournalError(Exception):
    """The journal cannot be written or read: where, what, and what to do."""


class BatchFile:
    """One batch's file, open and locked for writing. Every method returns when its line is on disk."""

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
                raise _unwritable(self.path, error.strerror or "it is closed") from None

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


def _unwritable(path: Path, reason: str) -> JournalError:
    return JournalError(f"the journal {path} cannot be written ({reason})")


def _refused(error: JournalError) -> JournalError:
    return JournalError(f"{error}; mend that before deleting anything")


class Unfinished(Struct, frozen=True):
    """Batches that have not ended and that nobody works on, locked for this process; `problems` name bad files."""

    batches: tuple[tuple[Recorded, BatchFile], ...]
    problems: tuple[str, ...]


class Journal:
    """The folder of batches. A file that cannot be read is named and set aside, and hides no other.

    `within` is the program's own folder above it, which is closed to others too.
    """

    def __init__(self, folder: Path, *, within: Path | None = None) -> None:
        self._folder = folder
        self._within = within

    def begin(self, at: float, plan: Plan) -> BatchFile:
        """Open a batch with its plan on disk; raises `JournalError`, and then nothing may be deleted."""
        try:
            if self._within is not None:
                private_folder(self._within)
            private_folder(self._folder)
            folder = os.open(self._folder, os.O_RDONLY | os.O_CLOEXEC)
            try:
                fcntl.flock(folder, fcntl.LOCK_EX)  # whoever begins the same plan now waits, and finds it begun
                if self._is_worked_off(plan.id):
                    raise JournalError("another snaptui is working this plan off")
                file = self._created(f"{datetime.fromtimestamp(at, UTC):{_STAMP}}-{plan.id}")
                # A new file's name is on disk only when its folder is (fsync(2)).
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise _refused(_unwritable(self._folder, error.strerror or str(error))) from None
        try:
            file.write(PlanLine(at, PlanRecord.of(plan)))
        except JournalError as error:
            file.close()
            file.path.unlink(missing_ok=True)
            raise _refused(error) from None
        return file

    def _is_worked_off(self, plan_id: str) -> bool:
        """Return whether another process holds a batch of this plan."""
        for path in self._folder.glob("*.jsonl"):
            if path.stem[_STAMP_LENGTH:].partition("+")[0] != f"-{plan_id}":
                continue
            try:
                self.lock(path).close()
            except BlockingIOError:
                return True
            except OSError:
                continue  # not a file of ours
        return False

    def _created(self, name: str) -> BatchFile:
        """Return a new file; a plan may be begun again within the second in which it has ended."""
        path, number = self._folder / f"{name}.jsonl", 1
        while True:
            try:
                return _locked(path, os.O_CREAT | os.O_EXCL)
            except FileExistsError:
                number += 1
                path = self._folder / f"{name}+{number}.jsonl"

    def paths(self) -> list[Path]:
        """Return the batches' files, oldest first."""
        try:
            return sorted(self._folder.glob("*.jsonl"))
        except OSError as error:
            raise JournalError(f"the journal {self._folder} cannot be read ({error.strerror})") from None

    def history(self) -> list[Recorded]:
        """Return every batch as recorded, oldest first; one that cannot be read has nothing but its problem."""
        return [recorded(path) for path in self.paths()]

    def unfinished(self) -> Unfinished:
        """Return the batches that were interrupted; each is read again once it is locked, as it may have ended."""
        found: list[tuple[Recorded, BatchFile]] = []
        problems: list[str] = []
        for path in self.paths():
            if _ends_with_its_end(path) or (before := recorded(path)).ended is not None:
                continue
            if before.plan is None:
                problems += before.problems or [f"{path} has no plan"]
                continue
            try:
                file = self.lock(path)
            except BlockingIOError:
                continue  # another snaptui is working on it
            except OSError as error:
                problems.append(f"{path} cannot be opened ({error.strerror})")
                continue
            now = recorded(path)
            if now.ended is None and now.plan is not None:
                found.append((now, file))
            else:
                file.close()
        return Unfinished(tuple(found), tuple(problems))

    def lock(self, path: Path) -> BatchFile:
        """Open a batch's file for this process alone; raises `BlockingIOError` while another holds it."""
        return _locked(path, 0)


def recorded(path: Path) -> Recorded:
    """Read a batch's file; raises nothing, as what is wrong with it is in `problems`."""
    try:
        return read(path, read_regular(path, LARGEST_FILE_BYTES))
    except FileError as error:
        return Recorded(path, problems=[f"the journal has a file that cannot be used: {error}"])


def _ends_with_its_end(path: Path) -> bool:
    """Return whether a batch's last line closes it, by that alone; false where that does not tell."""
    try:
        if not path.is_file():
            return False
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            file.seek(max(0, os.fstat(descriptor).st_size - _LONGEST_END))
            last = file.read(_LONGEST_END).rstrip(b"\n").rpartition(b"\n")[2]
        return isinstance(line_of(last), EndLine)
    except (OSError, ValueError, RecursionError):
        return False


def _locked(path: Path, flags: int) -> BatchFile:
    # Without O_NONBLOCK a pipe would be waited for; what is no file has been passed over before.
    flags |= os.O_RDWR | os.O_APPEND | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return BatchFile(path, descriptor)
