"""Standard streams whose failures are told apart: a full disk under stdout has a name, one under stderr is let be."""

from io import BufferedWriter, FileIO, TextIOWrapper
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class OutputError(OSError):
    """Standard output that cannot be written, other than for want of a reader."""


class _Output(FileIO):
    """A file whose failing writes are `OutputError`; a reader who has left stays a `BrokenPipeError`."""

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(error.errno, f"the output cannot be written: {error.strerror}") from None


class _Messages(FileIO):
    """A file that takes what it cannot write: there is nobody left to tell."""

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


def output(stream: TextIOWrapper) -> TextIOWrapper:
    """Return a stream for stdout's file, whose failing writes are `OutputError`."""
    return _like(stream, _Output(stream.fileno(), "wb", closefd=False))


def messages(stream: TextIOWrapper) -> TextIOWrapper:
    """Return a stream for stderr's file, which never fails."""
    return _like(stream, _Messages(stream.fileno(), "wb", closefd=False))


def _like(stream: TextIOWrapper, file: FileIO) -> TextIOWrapper:
    """Return a stream that is never unbuffered: with PYTHONUNBUFFERED it writes lines, not a packet for each word."""
    lines = stream.line_buffering or stream.write_through
    return TextIOWrapper(BufferedWriter(file), stream.encoding, stream.errors, line_buffering=lines)
