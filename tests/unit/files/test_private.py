"""Private writes: whole or not there, and nobody else's to read, whatever the umask."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from snaptui.files.errors import FileError
from snaptui.files.private import private_folder, write_private


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o177, 0o777])
def test_modes_do_not_depend_on_the_umask(tmp_path: Path, mask: int) -> None:
    with umask(mask):
        folder = private_folder(tmp_path / "state" / "snaptui" / "deletions")
        write_private(folder / "file", b"content")
    assert [mode(path) for path in (folder, folder.parent, folder.parent.parent)] == [0o700] * 3
    assert mode(folder / "file") == 0o600
    assert (folder / "file").read_bytes() == b"content"


@pytest.mark.parametrize("open_to", [0o755, 0o777, 0o750, 0o500])
def test_a_folder_that_is_open_to_others_or_closed_to_us_is_mended(tmp_path: Path, open_to: int) -> None:
    tmp_path.joinpath("state").mkdir()
    tmp_path.joinpath("state").chmod(open_to)
    assert mode(private_folder(tmp_path / "state")) == 0o700


def test_folders_above_that_were_there_before_are_left_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    private_folder(tmp_path / "state")
    assert mode(tmp_path) == 0o755


def test_a_folder_that_cannot_be_had_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/state")):
        with pytest.raises(FileError, match=f"{path} cannot be made a folder") as caught:
            private_folder(path)
        assert caught.value.strerror


def test_a_file_is_replaced_whole_and_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"untouched")
    (tmp_path / "link").symlink_to("other")
    write_private(tmp_path / "link", b"new")
    assert (tmp_path / "other").read_bytes() == b"untouched"
    assert (tmp_path / "link").read_bytes() == b"new"
    assert not (tmp_path / "link").is_symlink()


def test_the_longest_names_can_be_written(tmp_path: Path) -> None:
    write_private(tmp_path / ("x" * 255), b"content")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["x" * 255]


@pytest.mark.parametrize("name", ["folder", "none/file", "file/below", "nul\x00byte", "x" * 256])
def test_what_cannot_be_written_is_said_and_leaves_nothing_behind(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(FileError, match="cannot be written"):
        write_private(tmp_path / name, b"content")
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_that_takes_no_files_is_said() -> None:
    with pytest.raises(FileError, match="cannot be written"):
        write_private(Path("/proc/self/new"), b"content")
