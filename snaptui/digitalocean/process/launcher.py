"""Launcher of the client's process, which shares neither processor time nor terminal with the UI process."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import snaptui

CLOSING_SECONDS: Final = 1.0
# The same package as here, also when it is not where Python looks.
_SERVE: Final = (
    "import sys; folder, *descriptors = sys.argv[1:]; sys.path[:0] = [folder] * (folder not in sys.path); "
    "from snaptui.digitalocean.process.main import main; main(*map(int, descriptors))"
)
_FOLDER: Final = str(Path(snaptui.__file__).parent.parent)
_SECRET_NAME: Final = re.compile(r"DIGITALOCEAN_|DO_|.*TOKEN", re.IGNORECASE)
_SECRET: Final = re.compile(r"do[opr]_v1_|\b[0-9a-f]{64}\b")
_LAST_WORDS_BYTES: Final = 4_096


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without variables named like a token or holding one: the token goes by message."""
    return {
        name: value for name, value in environment.items() if not _SECRET_NAME.match(name) and not _SECRET.search(value)
    }


class ClientProcess:
    """The running client process: starts when made, ends when closed or when this process ends.

    It keeps `terminal`, if there is one, only to give it back should this process be killed. Raises
    `ConnectionFailedError` when it cannot be started.
    """

    def __init__(self, terminal: int | None = None) -> None:
        try:
            self._start(terminal)
        except OSError as error:
            from snaptui.digitalocean.api.errors import ConnectionFailedError

            message = f"the client's process cannot be started ({error.strerror})"
            hint = "The machine may lack memory, or allow no more processes or open files; try again."
            raise ConnectionFailedError(message, sent=False, hint=hint) from None

    def _start(self, terminal: int | None) -> None:
        self._socket, other = socket.socketpair()
        inherited = [other.fileno()]
        try:
            if terminal is not None:
                inherited.append(os.dup(terminal))
            # A pipe that nobody reads could fill up and stop it.
            last_words = _unnamed_file()
            self._unread = [last_words]
            # -P: a module of the folder that we happen to be in must not be taken for ours. A process group of its own:
            # what the terminal sends to end or stop the screen does not reach it, so that a DELETE is never cut off.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _SERVE, _FOLDER, *map(str, inherited)],
                pass_fds=inherited,
                env=without_secrets(os.environ),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=last_words,
                process_group=0,
            )
        except OSError:
            self._socket.close()
            raise
        finally:
            other.close()
            for descriptor in inherited[1:]:
                os.close(descriptor)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def send(self, letter: bytes) -> None:
        """Send a message; one to a process that has ended is lost."""
        with suppress(OSError):
            self._socket.sendall(letter)

    def received(self) -> Iterator[bytes]:
        """Yield messages until the process ends or is closed."""
        from snaptui.digitalocean.process.messages import arriving

        with suppress(OSError), self._socket.makefile("rb") as file:
            yield from arriving(file)

    def close(self) -> str:
        """End the process in a second at most, its calls cancelled; returns in words how it ended."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        try:
            self._process.wait(CLOSING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        code, last_words = self._process.returncode, self._take_last_words()
        if code < 0:
            return f"signal {-code}"
        return f"code {code}: {last_words}" if code and last_words else f"code {code}"

    def _take_last_words(self) -> str:
        """Return the last line that the process wrote on stderr, such as an import error."""
        try:
            descriptor = self._unread.pop()
        except IndexError:  # it was closed before
            return ""
        with os.fdopen(descriptor, "rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _LAST_WORDS_BYTES))
            lines = file.read().decode(errors="replace").split("\n")
        from snaptui.digitalocean.api.errors import inert

        return inert(next((line for line in reversed(lines) if line.strip()), ""))


def _unnamed_file() -> int:
    """Return the descriptor of a file without a name, which is removed when the last descriptor is closed."""
    if sys.platform == "linux":
        return os.memfd_create("snaptui")
    from tempfile import TemporaryFile  # imports a good deal

    with TemporaryFile() as file:
        return os.dup(file.fileno())
