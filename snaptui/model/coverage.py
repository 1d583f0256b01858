"""Coverage: how much of the account a list holds, and why the rest is missing."""

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

_CLOCK_DOUBTED_SECONDS: Final = 900.0


class MissingPage(Struct, frozen=True):
    """A page of the listing that could not be read: its number, from 1, and the reason in words."""

    page: int
    reason: str


class Coverage(Struct, frozen=True):
    """Coverage of one listing: `total` is the API's `meta.total`, `received` counts distinct snapshots.

    `doubts` are sentences that say why the list may not be whole although no page is missing. `server_now` is the
    server's own clock when it was asked, in Unix seconds.
    """

    total: int | None = None
    received: int = 0
    pages_expected: int | None = None
    pages_received: int = 0
    missing: tuple[MissingPage, ...] = ()
    shifted: bool = False
    finished: bool = False
    damaged: int = 0
    doubts: tuple[str, ...] = ()
    server_now: float | None = None

    @property
    def complete(self) -> bool:
        """True only when every page came and nothing moved while they were read."""
        return self.finished and not self.missing and not self.shifted and not self.doubts

    @property
    def shortfall(self) -> str | None:
        """One line that says what is missing and why; `None` for a complete or still loading list."""
        if not self.finished or self.complete:
            return None
        parts = []
        if self.missing:
            pages = ", ".join(str(m.page) for m in self.missing[:6]) + (" …" if len(self.missing) > 6 else "")
            word = "page" if len(self.missing) == 1 else "pages"
            of = f" of {self.pages_expected}" if self.pages_expected else ""
            reasons = "; ".join(dict.fromkeys(m.reason for m in self.missing))
            parts.append(f"{word} {pages}{of} missing ({reasons})")
        if self.shifted:
            parts.append("the list kept changing while it was read")
        parts += self.doubts
        total = "?" if self.total is None else f"{self.total:,}"
        return f"incomplete: {self.received:,} of {total} snapshots; " + "; ".join(parts)

    def server_ahead(self, local: float) -> float:
        """Return how many seconds the server's clock is ahead of the local one, which showed `local` with the list.

        Less than a quarter of an hour is none: so long may the rest of the list have taken.
        """
        ahead = 0.0 if self.server_now is None else self.server_now - local
        return ahead if abs(ahead) > _CLOCK_DOUBTED_SECONDS else 0.0

    def interrupted(self, reason: str) -> "Coverage":
        """Return the coverage of a load that stopped here, its next pages missing for `reason`."""
        first = self.pages_received + 1
        return replace(self, finished=True, missing=(*self.missing, MissingPage(first, reason)))
