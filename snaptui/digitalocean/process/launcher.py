"""The process that the client works in: it shares neither the screen's processor time nor its terminal."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import snaptui

CLOSING_SECONDS: Final = 1.0
# The same package as here, also when it is not where Python looks.
_SERVE: Final = (
    "import sys; folder, descriptor = sys.argv[1:]; sys.path[:0] = [folder] * (folder not in sys.path); "
    "from snaptui.digitalocean.process.main import main; main(int(descriptor))"
)
_FOLDER: Final = str(Path(snaptui.__file__).parent.parent)


class ClientProcess:
    """Starts at once, before it is known whose account to ask; ends when closed, or when this process ends."""

    def __init__(self) -> None:
        self._socket, other = socket.socketpair()
        with other:
            # -P: a module of the folder that we happen to be in must not be taken for ours. A session of its own: what
            # the terminal sends to stop or suspend the screen does not reach it, so that a DELETE is never cut off.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _SERVE, _FOLDER, str(other.fileno())],
                pass_fds=(other.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def send(self, letter: bytes) -> None:
        """Hand a letter over; one to a process that has ended is lost."""
        with suppress(OSError):
            self._socket.sendall(letter)

    def received(self) -> Iterator[bytes]:
        """Yield letters until the process ends or is closed."""
        from snaptui.digitalocean.process.messages import arriving

        with suppress(OSError), self._socket.makefile("rb") as file:
            yield from arriving(file)

    def close(self) -> str:
        """Let it give up what is under way and end, in a second at most; returns in words how it ended."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        try:
            self._process.wait(CLOSING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        code = self._process.returncode
        return f"code {code}" if code >= 0 else f"signal {-code}"
