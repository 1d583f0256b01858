"""Messages between the UI process and the client process, and their framing."""

from collections.abc import Iterator
from typing import BinaryIO, Final

from msgspec import Raw, Struct
from msgspec.msgpack import Decoder, Encoder

from snaptui.digitalocean.api.errors import ApiError, ConnectionFailedError, NotPermittedError
from snaptui.digitalocean.api.rate_limit import RateLimit, Wait

LENGTH_BYTES: Final = 4


class Open(Struct, frozen=True, tag=True):
    """To the client, first: the token, the API's address, and whether it is read-only."""

    token: str
    base_url: str
    read_only: bool

    def __repr__(self) -> str:
        return f"Open({self.base_url})"


class TerminalRescue(Struct, frozen=True, tag=True):
    """To the client: the bytes that give the terminal back if the UI process is killed; `b""`: nothing.

    It is written only while one of these process groups has the terminal. Attributes are those of `termios`: the
    original ones, and the ones in use while the screen is there.
    """

    data: bytes = b""
    groups: tuple[int, ...] = ()
    attributes: list[int | list[bytes | int]] = []
    raw_attributes: list[int | list[bytes | int]] = []


class ListSnapshots(Struct, frozen=True, tag=True):
    """Operation: load all snapshots. Brings a `Loaded` for each step."""


class RelistSnapshots(Struct, frozen=True, tag=True):
    """Operation: load all snapshots within a lease. Brings a `Loaded` for each step."""

    lease: int


class HoldPlaces(Struct, frozen=True, tag=True):
    """Operation: hold places of the rate limit. Brings a `Lease`, and holds them until it is cancelled."""

    wanted: int
    least: int


class GetSnapshot(Struct, frozen=True, tag=True):
    """Operation: read one snapshot. Brings a `FetchedSnapshot`."""

    snapshot_id: str
    lease: int = 0


class DeleteSnapshot(Struct, frozen=True, tag=True):
    """Operation: delete one snapshot that was seen at a moment of `boot_seconds`.

    Brings `None` when the DELETE is about to be written, and then a `Deletion`.
    """

    snapshot_id: str
    seen: float
    lease: int


class GetAccount(Struct, frozen=True, tag=True):
    """Operation: read the account behind the token. Brings an `Account`."""


class GetSources(Struct, frozen=True, tag=True):
    """Operation: read droplets and volumes. Brings `Sources`."""


class GetAutoscaleImages(Struct, frozen=True, tag=True):
    """Operation: read which images autoscale pools use. Brings a `frozenset[str]`."""


Operation = (
    ListSnapshots
    | RelistSnapshots
    | HoldPlaces
    | GetSnapshot
    | DeleteSnapshot
    | GetAccount
    | GetSources
    | GetAutoscaleImages
)


class Call(Struct, frozen=True, tag=True):
    """To the client: begin an operation; all results bear the call's number."""

    number: int
    operation: Operation


class Cancel(Struct, frozen=True, tag=True):
    """To the client: cancel a call, at whatever stage it is."""

    number: int


class Withdraw(Struct, frozen=True, tag=True):
    """To the client: keep a DELETE back unless it has left; the call fails with `WithdrawnError` then."""

    number: int


class Item(Struct, frozen=True, tag=True):
    """From the client: one result of a call."""

    number: int
    value: Raw


class End(Struct, frozen=True, tag=True):
    """From the client: a call has ended, without error."""

    number: int


class Failure(Struct, frozen=True, tag=True):
    """From the client: a call failed with the `ApiError` of this name."""

    number: int
    kind: str
    message: str
    hint: str | None = None
    status: int | None = None
    api_id: str | None = None
    request_id: str | None = None
    rate_limit: RateLimit | None = None
    needed_scopes: tuple[str, ...] = ()
    sent: bool = False

    @classmethod
    def of(cls, number: int, error: ApiError) -> "Failure":
        """Return the message that carries an error."""
        return cls(
            number,
            type(error).__name__,
            error.message,
            error.hint,
            error.status,
            error.api_id,
            error.request_id,
            error.rate_limit,
            error.needed_scopes if isinstance(error, NotPermittedError) else (),
            isinstance(error, ConnectionFailedError) and error.sent,
        )

    @property
    def error(self) -> ApiError:
        """The error that the message carries."""
        kind = _kinds()[self.kind]
        if issubclass(kind, ConnectionFailedError):
            return kind(self.message, sent=self.sent, hint=self.hint)
        error = kind(
            self.message,
            hint=self.hint,
            status=self.status,
            api_id=self.api_id,
            request_id=self.request_id,
            rate_limit=self.rate_limit,
        )
        if isinstance(error, NotPermittedError):
            error.needed_scopes = self.needed_scopes
        return error


class State(Struct, frozen=True, tag=True):
    """From the client: its rate limit, and the wait that ends first."""

    rate_limit: RateLimit | None
    wait: Wait | None


Order = Open | Call | Cancel | Withdraw | TerminalRescue
Report = Item | End | Failure | State
ORDERS: Final[Decoder[Order]] = Decoder(Order)
REPORTS: Final[Decoder[Report]] = Decoder(Report)
_ENCODER: Final = Encoder()


def _kinds() -> dict[str, type[ApiError]]:
    def below(kind: type[ApiError]) -> Iterator[type[ApiError]]:
        yield kind
        for one in kind.__subclasses__():
            yield from below(one)

    return {kind.__name__: kind for kind in below(ApiError)}


def raw(value: object) -> Raw:
    """Return a value encoded for a message."""
    return Raw(_ENCODER.encode(value))


def sealed(letter: Order | Report) -> bytes:
    """Return a message's frame: its length, then its bytes."""
    body = _ENCODER.encode(letter)
    return len(body).to_bytes(LENGTH_BYTES) + body


def arriving(file: BinaryIO) -> Iterator[bytes]:
    """Yield the messages in a stream until it ends; one that is cut off is dropped."""
    while len(head := file.read(LENGTH_BYTES)) == LENGTH_BYTES:
        length = int.from_bytes(head)
        body = file.read(length)
        if len(body) < length:
            return
        yield body
