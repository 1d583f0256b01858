"""Plain HTTP/1.1 connections for GETs: small, quick to import, and an error for anything unusual in an answer.

This reads only what the API sends when all is well. h11 and `http.client` read more, and take 12 to 15 ms to import,
which is a tenth of a whole `snaptui list`.
"""

import os
import socket
import zlib
from collections.abc import Iterator, Mapping
from io import BufferedReader
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from snaptui import __version__
from snaptui.digitalocean.api.requests import Answer
from snaptui.model.token import Token

if TYPE_CHECKING:
    import ssl

TRY_SECONDS: Final = 15.0
LARGEST_BYTES: Final = 4 * 1024 * 1024
LONGEST_LINE: Final = 16 * 1024
MOST_HEADERS: Final = 200
BUFFER_BYTES: Final = 128 * 1024
_ONCE: Final = ("content-length", "transfer-encoding", "content-encoding")
_GZIP: Final = 16 + zlib.MAX_WBITS


class OddAnswerError(Exception):
    """An answer that is not 200, incomplete, too large, or in a form that is not read here."""


class Server:
    """Server to connect to, with the token that goes into each request."""

    def __init__(self, base_url: str, token: Token) -> None:
        parts = urlsplit(base_url)
        self._host = parts.hostname or ""
        self._tls = parts.scheme == "https"
        self._port = parts.port or (443 if self._tls else 80)
        self._context: ssl.SSLContext | None = None
        self._head = (
            f" HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: application/json\r\nAccept-Encoding: gzip\r\n"
            f"User-Agent: snaptui/{__version__}\r\nAuthorization: Bearer {token.reveal()}\r\n\r\n"
        )

    def connect(self) -> socket.socket:
        """Return a new connection; raises `OSError`."""
        connection = socket.create_connection((self._host, self._port), TRY_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if not self._tls:
            return connection
        self._context = self._context or _trust(os.environ)
        return self._context.wrap_socket(connection, server_hostname=self._host)

    def request(self, target: str) -> bytes:
        """Return the bytes of a GET request."""
        return f"GET {target}{self._head}".encode("latin-1")


def _trust(environment: Mapping[str, str]) -> "ssl.SSLContext":
    """Return a TLS context with the certificates that the environment names, as httpx does, or else with certifi's."""
    import ssl

    if file := environment.get("SSL_CERT_FILE"):
        return ssl.create_default_context(cafile=file)
    if folder := environment.get("SSL_CERT_DIR"):
        return ssl.create_default_context(capath=folder)
    import certifi

    return ssl.create_default_context(cafile=certifi.where())


class Connection:
    """One connection, opened with the first request and kept alive for the next."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._socket: socket.socket | None = None
        self._file: BufferedReader | None = None

    def close(self) -> None:
        """Close it; the next request opens another."""
        if self._file is not None:
            self._file.close()
        if self._socket is not None:
            self._socket.close()
        self._socket = self._file = None

    def get(self, target: str) -> Answer:
        """Return the answer to a GET; raises `OSError` or `OddAnswerError`, and then the connection is closed."""
        good = False
        try:
            if self._socket is None or self._file is None:
                self._socket = self._server.connect()
                self._file = BufferedReader(socket.SocketIO(self._socket, "r"), BUFFER_BYTES)
            self._socket.sendall(self._server.request(target))
            answer = _read_answer(self._file)
            good = answer.headers.get("connection", "keep-alive").lower() == "keep-alive"
        finally:
            if not good:
                self.close()
        return answer


def _read_answer(file: BufferedReader) -> Answer:
    if not _line(file).startswith(b"HTTP/1.1 200"):
        raise OddAnswerError("not 200")
    headers: dict[str, str] = {}
    while line := _line(file):
        name, colon, value = line.decode("latin-1").partition(":")
        again = name.lower() in headers and name.lower() in _ONCE
        if not colon or again or len(headers) == MOST_HEADERS:
            raise OddAnswerError("odd headers")
        headers[name.lower()] = value.strip()
    body = b"".join(_chunks(file) if "transfer-encoding" in headers else [_exactly(file, _length(headers))])
    return Answer(200, headers, _unpacked(body, headers.get("content-encoding", "identity")))


def _line(file: BufferedReader) -> bytes:
    line = file.readline(LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise OddAnswerError("cut off")
    return line.rstrip(b"\r\n")


def _length(headers: Mapping[str, str]) -> int:
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdecimal() and len(length) < 10) or int(length) > LARGEST_BYTES:
        raise OddAnswerError("of no length, or too large")
    return int(length)


def _exactly(file: BufferedReader, length: int) -> bytes:
    body = file.read(length)
    if len(body) != length:
        raise OddAnswerError("cut off")
    return body


def _chunks(file: BufferedReader) -> Iterator[bytes]:
    left = LARGEST_BYTES
    while True:
        try:
            length = int(_line(file).partition(b";")[0], 16)
        except ValueError:
            raise OddAnswerError("odd chunks") from None
        if not 0 <= length <= left:
            raise OddAnswerError("too large")
        left -= length
        yield _exactly(file, length)
        if _line(file):
            raise OddAnswerError("odd chunks")
        if length == 0:
            return


def _unpacked(body: bytes, coding: str) -> bytes:
    if coding == "identity":
        return body
    if coding != "gzip":
        raise OddAnswerError("packed in another way")
    unpacking = zlib.decompressobj(_GZIP)
    try:
        text = unpacking.decompress(body, LARGEST_BYTES)
    except zlib.error:
        raise OddAnswerError("not gzip") from None
    if not unpacking.eof:
        raise OddAnswerError("too large or cut off")
    return text
