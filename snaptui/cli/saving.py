"""Files asked for with `--save`: what is there already is replaced only with `--replace`."""

from argparse import Namespace
from os.path import lexists
from pathlib import Path

from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.failures import UsageError


def destination(options: Namespace) -> Path | None:
    """Return the file to write, if any; raises `UsageError` where that must not be replaced.

    Asked before anything is read and again before it is written: meanwhile another program may have made the file.
    """
    if options.save is None:
        if options.replace:
            raise UsageError("--replace goes with --save FILE")
        return None
    path = Path(options.save)
    if lexists(path):
        if not options.replace:
            raise UsageError(f"--save: {path} exists; --replace replaces it", ExitCode.NOT_WRITTEN)
        if not path.is_file() and not path.is_symlink():
            raise UsageError(f"--save: {path} is no regular file, so it is not replaced", ExitCode.NOT_WRITTEN)
    return path
