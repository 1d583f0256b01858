"""`python as_doctl.py HOST PORT TOKEN`: lists as doctl does, with next to nothing to import.

The first page of 200, then the others by four at a time, and all of it printed as JSON.
"""

import json
import socket
import sys
import threading

PER_PAGE = 200
IN_FLIGHT = 4


def ask(connection: socket.socket, host: str, token: str, page: int) -> dict[str, object]:
    """Return a page."""
    target = f"/v2/snapshots?page={page}&per_page={PER_PAGE}"
    connection.sendall(f"GET {target} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(262_144)
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split()[0])
    parts, missing = [body], length - len(body)
    while missing > 0:
        parts.append(connection.recv(min(missing, 262_144)))
        missing -= len(parts[-1])
    page_read: dict[str, object] = json.loads(b"".join(parts))
    return page_read


def main(host: str, port: str, token: str) -> None:
    """Print every snapshot."""
    first = ask(connection := socket.create_connection((host, int(port))), host, token, 1)
    meta = first["meta"]
    assert isinstance(meta, dict)
    pages = {1: first}
    last = -(-int(meta["total"]) // PER_PAGE)
    numbers = iter(range(2, last + 1))
    lock = threading.Lock()

    def work(connection: socket.socket) -> None:
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            pages[number] = ask(connection, host, token, number)

    def help_out() -> None:
        work(socket.create_connection((host, int(port))))

    threads = [
        threading.Thread(target=help_out) for _ in range(min(IN_FLIGHT, -(-int(meta["total"]) // PER_PAGE) - 1) - 1)
    ]
    for thread in threads:
        thread.start()
    work(connection)
    for thread in threads:
        thread.join()
    print(json.dumps([pages[number]["snapshots"] for number in sorted(pages)]))


if __name__ == "__main__":
    main(*sys.argv[1:])
