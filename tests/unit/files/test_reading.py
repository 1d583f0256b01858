"""Bounded reads: whatever stands where a file should, the answer is its bytes or one sentence."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from snaptui.files.errors import FileError, MissingFileError
from snaptui.files.reading import read_regular, read_with_mode

LIMIT = 1_000


def a_folder(path: Path) -> None:
    path.mkdir()


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))


def a_link_to(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def a_link_to_itself(path: Path) -> None:
    path.symlink_to(path)


def too_large(path: Path) -> None:
    path.write_bytes(bytes(LIMIT + 1))


def a_sparse_terabyte(path: Path) -> None:
    path.touch()
    os.truncate(path, 10**12)


def test_a_file_up_to_the_limit_is_returned_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * LIMIT)
    assert read_regular(path, LIMIT) == b"x" * LIMIT


def test_a_link_to_a_file_is_followed_and_the_files_own_mode_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    (tmp_path / "file").chmod(0o640)
    (tmp_path / "link").symlink_to("file")
    assert read_with_mode(tmp_path / "link", LIMIT) == (b"content", 0o640)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (a_folder, "a folder"),
        (a_pipe, "a pipe"),
        (a_socket, "a socket"),
        (a_link_to("/dev/zero"), "a device"),
        (a_link_to("/dev/tty"), "a device"),
        (a_link_to("nowhere"), "a link that leads nowhere"),
        (a_link_to_itself, "symbolic links"),
        (too_large, "larger than 1 kB"),
        (a_sparse_terabyte, "larger than 1 kB"),
    ],
)
def test_anything_else_is_one_sentence_that_names_it(tmp_path: Path, make: Callable[[Path], None], said: str) -> None:
    path = tmp_path / "thing"
    make(path)
    with pytest.raises(FileError) as caught:
        read_regular(path, LIMIT)
    assert str(caught.value).startswith(f"{path} cannot be read: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not isinstance(caught.value, MissingFileError)


@pytest.mark.parametrize("name", ["none", "none/deeper", "file/below"])
def test_nothing_at_a_path_is_an_error_of_its_own(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(MissingFileError, match="is not there"):
        read_regular(tmp_path / name, LIMIT)


@pytest.mark.parametrize("name", ["nul\x00byte", "x" * 300, "\ud800"])
def test_a_name_that_no_file_can_have_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        read_regular(tmp_path / name, LIMIT)


def test_the_reason_alone_can_be_had(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="cannot be read") as caught:
        read_regular(tmp_path, LIMIT)
    assert caught.value.strerror == "it is a folder, not a regular file"
