"""doctl's own configuration file: read, never written."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from snaptui.config.settings import ConfigError

DEFAULT_CONTEXT: Final = "default"


class DoctlConfig(Struct, frozen=True):
    """The contexts of a doctl file and their tokens; `context` is the active one."""

    path: Path
    context: str = DEFAULT_CONTEXT
    tokens: Mapping[str, str] = field(default_factory=dict)


def doctl_file(environment: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Return where doctl keeps its file; it need not exist."""
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
    """Return what the file says; `None` without a file, `ConfigError` for one that cannot be used."""
    try:
        text = path.read_bytes().decode()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"doctl's file {path} cannot be read ({error}). Mend it, or set DIGITALOCEAN_TOKEN."
        ) from None
    import yaml

    try:
        # The fast loader is missing where PyYAML was built without libyaml.
        values = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text).get_single_data()
    except (yaml.YAMLError, RecursionError):
        # A YAML error quotes the line, and the line may hold a token.
        raise ConfigError(f"doctl's file {path} is not valid YAML. Mend it, or set DIGITALOCEAN_TOKEN.") from None
    values = {str(k).lower(): v for k, v in values.items()} if isinstance(values, dict) else {}
    contexts = values.get("auth-contexts")
    tokens = {str(k).lower(): v for k, v in contexts.items()} if isinstance(contexts, dict) else {}
    # In auth-contexts the entry "default" is a flag: the token of that context stands at the top.
    tokens[DEFAULT_CONTEXT] = values.get("access-token")
    named = values.get("context")
    return DoctlConfig(
        path,
        named.lower() if isinstance(named, str) and named else DEFAULT_CONTEXT,
        {name: token for name, token in tokens.items() if isinstance(token, str) and token},
    )
