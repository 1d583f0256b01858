"""Saved listing: all snapshots of an account in a private file, with all that is needed to read it offline."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, Literal, Self

import msgspec
from msgspec import Meta, Struct

from snaptui.deletion.plan import LATEST_MOMENT, SnapshotRecord
from snaptui.files.private import write_private
from snaptui.files.reading import read_regular
from snaptui.model.account import Account, same_account
from snaptui.model.coverage import Coverage
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Sources
from snaptui.text.amounts import count

MOST_BYTES: Final = 512 * 1024 * 1024
"""A million snapshots take about 400 MB."""
_EARLIEST: Final = -62_135_596_800.0
"""The first moment that a server's clock can show as a date, whatever it is set to: the year 1."""


class SavedListingError(ValueError):
    """A file that is no saved listing, or not one that can be used here: what is wrong with it."""


class SavedListing(Struct, frozen=True):
    """An account's listing at one moment. `saved` is in Unix seconds; `account` is `None` where it was not readable."""

    saved: float
    api_url: str
    account: Account | None
    coverage: Coverage
    snapshots: tuple[Snapshot, ...]
    sources: Sources
    autoscale_images: frozenset[str] | None

    def write(self, path: Path) -> None:
        """Write it to a file that only the user can read (0600). Raises `FileError`."""
        records = tuple(msgspec.convert(one, SnapshotRecord, from_attributes=True) for one in self.snapshots)
        file = _File(
            records, self.saved, self.api_url, self.account, self.coverage, self.sources, self.autoscale_images, 1
        )
        write_private(path, msgspec.json.encode(file) + b"\n")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read it back. Raises `FileError`, and `SavedListingError` for another kind of file."""
        try:
            file = msgspec.json.decode(read_regular(path, MOST_BYTES), type=_File)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise SavedListingError(f"{path} is not a listing that snaptui saved: {error}") from None
        rows = tuple(record.read() for record in file.snapshots)
        if contradiction := _contradiction(rows, file.coverage):
            raise SavedListingError(f"{path} {contradiction}")
        return cls(file.saved, file.api_url, file.account, file.coverage, rows, file.sources, file.autoscale_images)

    def check_same_account(self, account: Account | None, api_url: str) -> None:
        """Raise `SavedListingError` unless the listing is known to be of this account at this address."""
        if self.api_url != api_url:
            raise SavedListingError(f"the saved listing is of {self.api_url}, not of {api_url}")
        same = same_account(self.account, account)
        if same is None:
            raise SavedListingError(
                "it cannot be told whether the saved listing is of this account: whose it is could not be read, "
                "now or when it was saved (the token needs account:read)"
            )
        if not same and self.account is not None:
            raise SavedListingError(f"the saved listing is of another account: {self.account.label}")


def _contradiction(rows: Sequence[Snapshot], coverage: Coverage) -> str:
    """Return why rows cannot be what a coverage tells of, as of a file that was cut or edited; empty where they can."""
    if len({row.id for row in rows}) != len(rows):
        return "names a snapshot more than once"
    if not coverage.finished:
        return "is of a list that was not read to its end"
    if coverage.complete and coverage.received != len(rows):
        return f"has {count(len(rows), 'snapshot')} where it counts {coverage.received:,}"
    return ""


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    snapshots: tuple[SnapshotRecord, ...]
    saved: Annotated[float, Meta(ge=_EARLIEST, le=LATEST_MOMENT)]
    api_url: str
    account: Account | None
    coverage: Coverage
    sources: Sources
    autoscale_images: frozenset[str] | None
    saved_listing: Literal[1]
