"""Files written to the current folder from the screen."""

from pathlib import Path

from snaptui.files.errors import FileError
from snaptui.files.private import write_private
from snaptui.text.lines import Line, problem_line, success_line


def save_here(name: str, content: bytes, done: str) -> Line:
    """Write a file (0600) to the current folder; return in words where it is after `done`, or why it is not."""
    try:
        path = Path.cwd() / name
        write_private(path, content)
    except FileError as error:
        said = str(error)
    except OSError:
        said = f"{name} was not written: the current folder is not there any more"
    else:
        return success_line(f"{done} {path}")
    return problem_line(said)
