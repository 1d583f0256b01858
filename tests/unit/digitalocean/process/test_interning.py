"""Records that have come through the wall between the processes are the same, and hold nothing twice."""

from msgspec import msgpack

from snaptui.digitalocean.process.interning import Sharing
from snaptui.model.snapshot import Snapshot

FIRST = Snapshot(
    "6372321", "web", None, 1_595_954_862.0, ("nyc3", "sfo3"), 25, 2.34, "200776916", "droplet", ("env:prod",)
)
UNKNOWN = Snapshot("7", "", "yesterday", None, (), None, None, None, "unknown", None, "created_at: no date")


def arrived(*rows: Snapshot) -> tuple[Snapshot, ...]:
    return msgpack.decode(msgpack.encode(rows), type=tuple[Snapshot, ...])


def test_what_rows_have_in_common_is_kept_once() -> None:
    sharing = Sharing()
    (first,), (second, other) = arrived(FIRST), arrived(FIRST, UNKNOWN)
    for rows in ((first,), (second, other)):
        sharing.share(rows)
    assert (first, second, other) == (FIRST, FIRST, UNKNOWN)
    assert first.tags is second.tags
    assert first.regions is second.regions
    assert first.resource_id is second.resource_id
    assert first.resource_type is second.resource_type
    assert first.size_gigabytes is second.size_gigabytes
