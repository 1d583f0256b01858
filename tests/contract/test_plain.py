"""Plain connections: answers as they should be are read, and everything else is an error, never half an answer."""

import gzip
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from snaptui.digitalocean.client.quick_http import LARGEST_BYTES, Connection, OddAnswerError, Server
from snaptui.model.token import Token

OK = b"HTTP/1.1 200 OK\r\n"
PACKED = gzip.compress(b"[1,2,3]", mtime=0)


@contextmanager
def answering(*answers: bytes) -> Iterator[tuple[Connection, list[bytes]]]:
    """A connection to a server that gives these answers, one a connection, and closes."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for answer in answers:
                client, _ = listener.accept()
                with client:
                    heard.append(client.recv(65_536))
                    client.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        connection = Connection(Server(f"http://127.0.0.1:{listener.getsockname()[1]}", Token("dop_v1_secret")))
        yield connection, heard
        connection.close()
        thread.join(10)


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"Content-Length: 7\r\n\r\n[1,2,3]",
        OK + b"content-length:7\r\nVary: a\r\nVary: b\r\n\r\n[1,2,3]",
        OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n4;x=y\r\n2,3]\r\n0\r\n\r\n",
        OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(PACKED), PACKED),
        OK + b"Connection: close\r\nContent-Length: 7\r\n\r\n[1,2,3]",
    ],
)
def test_whole_answers_are_read(answer: bytes) -> None:
    with answering(answer) as (connection, heard):
        assert connection.get("/v2/snapshots?page=1").body == b"[1,2,3]"
    assert heard[0].startswith(b"GET /v2/snapshots?page=1 HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"Authorization: Bearer dop_v1_secret\r\n" in heard[0]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200",
        b"HTTP/1.1 429 Too Many\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 301 Moved\r\nlocation: http://elsewhere\r\ncontent-length: 0\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n",
        OK + b"\r\n[1,2,3]",
        OK + b"Content-Length: 8\r\n\r\n[1,2,3]",
        OK + b"Content-Length: -1\r\n\r\n",
        OK + b"Content-Length: " + "٣".encode() + b"\r\n\r\n[1]",
        OK + b"Content-Length: 7\r\nContent-Length: 7\r\n\r\n[1,2,3]",
        OK + b"Content-Length: %d\r\n\r\n" % (LARGEST_BYTES + 1),
        OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\nx\r\n[1,\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n-3\r\n[1,\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n[1,",
        OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n[1,\r\n0\r\n\r\n",
        OK + b"Content-Encoding: gzip\r\nContent-Length: 7\r\n\r\n[1,2,3]",
        OK + b"Content-Encoding: gzip, gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(PACKED), PACKED),
        OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(PACKED) - 4, PACKED[:-4]),
        OK + b"no colon\r\nContent-Length: 7\r\n\r\n[1,2,3]",
        OK + b"x: y\r\n" * 1 + b"".join(b"h%d: v\r\n" % number for number in range(300)) + b"\r\n",
        OK + b"x: " + b"y" * 20_000 + b"\r\n\r\n",
    ],
)
def test_everything_else_is_an_error_and_the_next_request_has_a_new_connection(answer: bytes) -> None:
    with answering(answer, OK + b"Content-Length: 2\r\n\r\n[]") as (connection, _):
        with pytest.raises((OddAnswerError, OSError)):
            connection.get("/")
        assert connection.get("/").body == b"[]"
