"""doctl's configuration file: the contexts in it and their tokens. Read, never written."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from snaptui.config.settings import ConfigError
from snaptui.files.errors import FileError, MissingFileError
from snaptui.files.reading import read_with_mode

DEFAULT_CONTEXT: Final = "default"
LARGEST_FILE_BYTES: Final = 1_000_000
"""Real files run to 2,400 lines of flag defaults, about 100 kB."""
_NEEDED: Final = ("access-token", "context", "auth-contexts")


class DoctlConfig(Struct, frozen=True):
    """The contexts of a doctl file and their tokens; `context` is the active one."""

    path: Path
    context: str = DEFAULT_CONTEXT
    tokens: Mapping[str, str] = field(default_factory=dict)
    open_to_others: bool = False
    """True when other users of the machine may read the file."""


def doctl_file(environment: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Return the path of doctl's file, which need not exist."""
    if environment.get("DIGITALOCEAN_CONFIG"):
        return Path(environment["DIGITALOCEAN_CONFIG"])
    home = Path(environment.get("HOME") or "~").expanduser()
    if platform == "darwin":
        return home / "Library" / "Application Support" / "doctl" / "config.yaml"
    if platform == "win32":
        return Path(environment.get("APPDATA") or home) / "doctl" / "config.yaml"
    given = Path(environment.get("XDG_CONFIG_HOME", ""))
    # A relative one is invalid, and would look for a token wherever one happens to stand.
    return (given if given.is_absolute() else home / ".config") / "doctl" / "config.yaml"


def read_doctl(path: Path) -> DoctlConfig | None:
    """Return the contents of doctl's file; `None` without one. Raises `ConfigError` for one that cannot be used."""
    from snaptui.config.yaml_texts import YamlError, yaml_texts

    try:
        content, mode = read_with_mode(path, LARGEST_FILE_BYTES)
        values = yaml_texts(content.decode())
    except MissingFileError:
        return None
    except FileError as error:
        raise _unusable(path, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise _unusable(path, "is not text") from None
    except YamlError as error:
        raise _unusable(path, str(error)) from None
    for key, value in values.items():
        if value is None and key[0] in _NEEDED:
            raise _unusable(path, f"has no text at {'.'.join(key)}")
    # In auth-contexts the entry "default" is a flag: the token of that context stands at the top.
    tokens = {key[1]: text for key, text in values.items() if len(key) == 2 and key[0] == "auth-contexts"}
    tokens[DEFAULT_CONTEXT] = values.get(("access-token",))
    # doctl makes keys small letters when it reads them, and so the names of contexts.
    context = (values.get(("context",)) or DEFAULT_CONTEXT).lower()
    return DoctlConfig(path, context, {name: text for name, text in tokens.items() if text}, bool(mode & 0o077))


def _unusable(path: Path, why: str) -> ConfigError:
    return ConfigError(f"doctl's file {path} {why}. Mend it, or set DIGITALOCEAN_TOKEN.")
