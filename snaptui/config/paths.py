"""Paths of the configuration file and the state folder on each system."""

from pathlib import Path

from platformdirs import PlatformDirs

_DIRS = PlatformDirs("snaptui", appauthor=False)


def config_file() -> Path:
    """Return the path of the settings file, which need not exist."""
    return Path(_DIRS.user_config_dir) / "config.toml"


def state_dir() -> Path:
    """Return the folder in which the journal of deletions is kept."""
    return Path(_DIRS.user_state_dir)
