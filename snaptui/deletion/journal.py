"""Journal of deletions: the folder with a file for every batch, in which the next start finds what was interrupted.

The first line of a file is the plan; an `intent` stands on disk before each DELETE, `withdrawn` after one that was kept
back, an `outcome` after one that was answered, and `end` closes the batch. Lines are written in `batch_file`; what
happens when one cannot be (a full disk) is decided in `batch_owner`. The process that works on a batch holds a
lock on its file, which ends with the process however it ends.
"""

import fcntl
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from msgspec import Struct

from snaptui.deletion.batch_file import BatchFile, JournalError, locked, unwritable
from snaptui.deletion.journal_lines import ConfirmedLine, EndLine, Recorded, line_of, read
from snaptui.deletion.plan import Plan
from snaptui.files.errors import FileError
from snaptui.files.private import private_folder
from snaptui.files.reading import read_regular

LARGEST_FILE_BYTES: Final = 128_000_000
"""A plan of 100,000 snapshots takes 40 MB, its intents and outcomes 25 MB."""
_LONGEST_END: Final = 200
"""The last line of a batch that has ended is shorter."""
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_STAMP_LENGTH: Final = len("20261125T144500Z")


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
            raise _refused(unwritable(self._folder, error.strerror or str(error))) from None
        try:
            file.write(ConfirmedLine(at, plan.record))
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
                return locked(path, os.O_CREAT | os.O_EXCL)
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
        return locked(path)


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
