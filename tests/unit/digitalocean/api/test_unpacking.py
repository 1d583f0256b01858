"""Unpacking: what was packed comes back, and a bomb costs no more than the bound."""

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snaptui.digitalocean.api.unpacking import LARGEST_BODY_BYTES, PackedError, unpacked

PACK: dict[str, Callable[[bytes], bytes]] = {
    **dict.fromkeys(("gzip", "x-gzip"), gzip.compress),
    "deflate": zlib.compress,
    **dict.fromkeys(("identity", ""), bytes),
}


def bomb(layers: int) -> bytes:
    """Gigabytes of zeros, packed so many times over."""
    packing = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
    packed = b"".join(packing.compress(bytes(1 << 20)) for _ in range(64)) + packing.flush()
    for _ in range(layers - 1):
        packed = gzip.compress(packed)
    return packed


@given(st.binary(max_size=200), st.lists(st.sampled_from(sorted(PACK)), max_size=3))
def test_what_was_packed_in_layers_comes_back(content: bytes, encodings: list[str]) -> None:
    packed = content
    for name in encodings:
        packed = PACK[name](packed)
    assert unpacked(packed, ", ".join(encodings)) == content


@pytest.mark.parametrize("encodings", ["gzip", "gzip, gzip", "GZIP,identity , x-gzip,gzip"])
def test_a_bomb_costs_no_more_than_the_bound(encodings: str) -> None:
    packed = bomb(encodings.lower().count("gzip"))
    assert len(packed) < 70_000
    tracemalloc.start()
    with pytest.raises(PackedError, match="larger than any list can be"):
        unpacked(packed, encodings)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * LARGEST_BODY_BYTES


def test_a_layer_in_the_middle_is_bounded_too() -> None:
    inner = gzip.compress(gzip.compress(b"small") + bytes(LARGEST_BODY_BYTES))
    with pytest.raises(PackedError, match="larger"):
        unpacked(inner, "gzip, gzip")


@pytest.mark.parametrize(
    ("body", "encodings", "said"),
    [
        (gzip.compress(b"x", mtime=0)[:-1], "gzip", "cut off"),
        (gzip.compress(b"x", mtime=0) + b"more", "gzip", "more follows"),
        (b"plain", "gzip", "cannot be unpacked"),
        (b"", "gzip", "cut off"),
        (b"plain", "br", "not asked for"),
        (b"plain", "zstd", "not asked for"),
        (b"plain", "gzip, br", "not asked for"),
        (b"plain", "gzip, gzip, gzip, gzip", "4 times over"),
        (b"plain", ", ".join(["gzip"] * 10_000), "10000 times over"),
    ],
)
def test_what_cannot_be_unpacked_is_said(body: bytes, encodings: str, said: str) -> None:
    with pytest.raises(PackedError, match=said):
        unpacked(body, encodings)


@pytest.mark.parametrize("size", [LARGEST_BODY_BYTES - 1, LARGEST_BODY_BYTES])
def test_content_up_to_the_bound_is_whole(size: int) -> None:
    assert unpacked(gzip.compress(bytes(size)), "gzip") == bytes(size)
