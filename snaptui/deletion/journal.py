"""What was planned, what was about to be sent, and what came of it: on disk before anything happens.

Every batch has a file of JSON lines of its own in the journal's folder. The first line is the plan; an
`intent` stands on disk before each DELETE, an `outcome` after it, and `end` closes the batch. The process that
works on a batch holds a lock on its file, which ends with the process however it ends.
"""

import fcntl
import os
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from snaptui.deletion.batch import Batch, Item, Outcome
from snaptui.deletion.plan import Plan, PlanRecord
from snaptui.deletion.states import State
from snaptui.files.private import private_folder


class JournalError(Exception):
    """The journal cannot be written or read: where, what, and what to do."""


class _PlanLine(msgspec.Struct, frozen=True, tag="plan", tag_field="record"):
    at: float
    plan: PlanRecord
    version: Literal[1] = 1


class _IntentLine(msgspec.Struct, frozen=True, tag="intent", tag_field="record"):
    at: float
    id: str


class _OutcomeLine(msgspec.Struct, frozen=True, tag="outcome", tag_field="record"):
    at: float
    id: str
    outcome: Outcome
    reason: str = ""
    request_id: str | None = None


class _EndLine(msgspec.Struct, frozen=True, tag="end", tag_field="record"):
    at: float


_Line = _PlanLine | _IntentLine | _OutcomeLine | _EndLine


class BatchFile:
    """One batch's file, open and locked for writing. Every method returns when its line is on disk."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor
        self._lock = threading.Lock()

    def intend(self, at: float, snapshot_id: str) -> None:
        """Record that a DELETE is about to be sent."""
        self._write(_IntentLine(at, snapshot_id))

    def settle(self, at: float, item: Item) -> None:
        """Record how an item ended."""
        if item.outcome is not None:
            self._write(_OutcomeLine(at, item.snapshot.id, item.outcome, item.reason, item.request_id))

    def separate(self) -> None:
        """Begin a new line: the last one may have been cut off when its writer was killed."""
        os.write(self._descriptor, b"\n")

    def end(self, at: float) -> None:
        """Record that nothing more comes, and let the file go."""
        self._write(_EndLine(at))
        self.close()

    def close(self) -> None:
        """Let the file go; a batch without an end is offered again at the next start."""
        with self._lock:
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1

    def _write(self, line: _Line) -> None:
        data = msgspec.json.encode(line) + b"\n"
        with self._lock:
            try:
                written = os.write(self._descriptor, data)
                os.fsync(self._descriptor)
            except OSError as error:
                raise _unwritable(self.path, error) from None
        if written != len(data):
            raise JournalError(f"the journal {self.path} could not be written whole: the disk is full")


def _unwritable(path: Path, error: OSError) -> JournalError:
    return JournalError(f"the journal {path} cannot be written ({error.strerror}); mend that before deleting anything")


class Journal:
    """The folder of batches."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, at: float, plan: Plan) -> BatchFile:
        """Open a batch with its plan on disk; raises `JournalError`, and then nothing may be deleted."""
        moment = datetime.fromtimestamp(at, UTC).strftime("%Y%m%dT%H%M%SZ")
        path = self._folder / f"{moment}-{plan.id}.jsonl"
        try:
            private_folder(self._folder)
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL
            batch = _locked(path, flags)
            folder = os.open(self._folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise _unwritable(path, error) from None
        batch._write(_PlanLine(at, PlanRecord.of(plan)))
        return batch

    def paths(self) -> list[Path]:
        """Return the batches' files, oldest first."""
        try:
            return sorted(self._folder.glob("*.jsonl"))
        except OSError as error:
            raise JournalError(f"the journal {self._folder} cannot be read ({error.strerror})") from None

    def history(self) -> list["Recorded"]:
        """Return every batch as recorded, oldest first."""
        return [read(path) for path in self.paths()]

    def unfinished(self) -> list[tuple["Recorded", BatchFile]]:
        """Return the batches that nobody works on and that have not ended, locked for this process."""
        found = []
        for path in self.paths():
            recorded = read(path)
            if recorded.ended or recorded.plan is None:
                continue
            try:
                batch = _locked(path, os.O_WRONLY | os.O_APPEND)
                batch.separate()
            except BlockingIOError:
                continue  # another snaptui is working on it
            except OSError as error:
                raise _unwritable(path, error) from None
            found.append((recorded, batch))
        return found


def _locked(path: Path, flags: int) -> BatchFile:
    descriptor = os.open(path, flags, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return BatchFile(path, descriptor)


class Recorded:
    """A batch as its file tells it; `problems` are lines that could not be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.plan: Plan | None = None
        self.began = 0.0
        self.ended: float | None = None
        self.intents: list[str] = []
        self.outcomes: dict[str, _OutcomeLine] = {}
        self.problems: list[str] = []

    def _take(self, line: _Line) -> None:
        match line:
            case _PlanLine():
                self.plan, self.began = line.plan.read(), line.at
            case _IntentLine():
                self.intents.append(line.id)
                self.outcomes.pop(line.id, None)
            case _OutcomeLine():
                self.outcomes[line.id] = line
            case _EndLine():
                self.ended = line.at

    @property
    def unknown_ids(self) -> list[str]:
        """The ids whose DELETE may have been sent and whose outcome is not recorded."""
        known = {row_id for row_id, line in self.outcomes.items() if line.outcome is not Outcome.UNKNOWN}
        return [row_id for row_id in dict.fromkeys(self.intents) if row_id not in known]

    @property
    def as_batch(self) -> Batch | None:
        """The batch as it was left; `None` without a plan."""
        if self.plan is None:
            return None
        items = []
        for snapshot in self.plan.items:
            line = self.outcomes.get(snapshot.id)
            if line is not None:
                items.append(Item(snapshot, line.outcome, line.reason, line.request_id))
            elif snapshot.id in self.intents:
                items.append(Item(snapshot, Outcome.UNKNOWN, "it was interrupted before the outcome was recorded"))
            else:
                items.append(Item(snapshot))
        return Batch(self.plan, tuple(items), State.ENDED, self.began, began=self.began, ended=self.ended)


def read(path: Path) -> Recorded:
    """Read a batch's file; lines that are cut off or damaged are reported, not fatal."""
    recorded = Recorded(path)
    try:
        lines: Iterable[bytes] = path.read_bytes().splitlines()
    except OSError as error:
        raise JournalError(f"the journal {path} cannot be read ({error.strerror})") from None
    decoder = msgspec.json.Decoder(_Line)
    for number, text in enumerate(lines, 1):
        if not text:
            continue
        try:
            recorded._take(decoder.decode(text))
        except msgspec.DecodeError:
            recorded.problems.append(f"{path}: line {number} is damaged and was passed over")
    return recorded
