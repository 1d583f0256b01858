"""Bodies packed with `Content-Encoding`, unpacked within a bound at each layer."""

import zlib
from typing import Final

LARGEST_BODY_BYTES: Final = 8 * 1024 * 1024
"""Bound of a body, packed and unpacked: 40 kB for each of 200 rows."""
MOST_LAYERS: Final = 3
ACCEPT_ENCODING: Final = "gzip"
_GZIP: Final = 16 + zlib.MAX_WBITS
_WINDOW_BITS: Final = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": zlib.MAX_WBITS}


class PackedError(ValueError):
    """A body that cannot be unpacked; the text says why, as what follows "the answer"."""


def unpacked(body: bytes, encodings: str, limit: int = LARGEST_BODY_BYTES) -> bytes:
    """Return the content of a body whose `Content-Encoding` header is `encodings`; raises `PackedError`.

    No layer is unpacked beyond `limit` bytes, so that 16 kB which stand for gigabytes cost no more than that.
    """
    names = [name.strip().lower() for name in encodings.split(",")]
    layers = [name for name in names if name not in ("", "identity")]
    if len(layers) > MOST_LAYERS:
        raise PackedError(f"is packed {len(layers)} times over")
    for name in reversed(layers):
        if name not in _WINDOW_BITS:
            raise PackedError("is packed in a way that was not asked for")
        body = _layer(body, _WINDOW_BITS[name], limit)
    return body


def _layer(body: bytes, window_bits: int, limit: int) -> bytes:
    unpacking = zlib.decompressobj(window_bits)
    try:
        content = unpacking.decompress(body, limit + 1)
    except zlib.error:
        raise PackedError("cannot be unpacked") from None
    if len(content) > limit:
        raise PackedError("is larger than any list can be")
    if not unpacking.eof or unpacking.unused_data:
        raise PackedError("cannot be unpacked: it is cut off, or more follows")
    return content
