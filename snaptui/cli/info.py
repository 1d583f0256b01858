"""`snaptui info`: the settings in force, the token's origin, files, proxies; only with `--check` is anything sent."""

import os
import platform
import stat
import sys
from argparse import Namespace
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from msgspec.structs import asdict

from snaptui import __version__
from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.wiring import Parts, wired
from snaptui.config import paths
from snaptui.config.doctl import doctl_file
from snaptui.config.settings import AuditSettings
from snaptui.text.safe import visible


def run(options: Namespace) -> int:
    """Print the settings and their origins, the token masked; with `--check` what each protection rule holds, too."""
    with wired(options) as parts:
        _print(parts, checks=options.check)
        if not options.check:
            return ExitCode.FINE
        from snaptui.cli.checking import check

        return check(parts, _say)


def _say(name: str, value: str) -> None:
    print(f"{name:<19} {visible(value)}")


def _print(parts: Parts, *, checks: bool) -> None:
    settings, credentials = parts.settings, parts.credentials
    rows = [
        ("snaptui", f"{__version__}, Python {platform.python_version()}, Textual {version('textual')}"),
        ("settings", _file(paths.config_file(), parts.demo)),
        ("doctl's file", _file(doctl_file(os.environ), parts.demo)),
        ("state", _folder(paths.state_dir())),
        ("API", f"{settings.api_url.value} ({settings.api_url.origin})"),
        ("proxy", _proxy()),
        ("token", f"{credentials.token.masked} ({credentials.origin})" if credentials else "none"),
        *([] if checks else [("account", "not asked: nothing is sent without --check")]),
        ("context", credentials.context if credentials and credentials.context else "none"),
        ("read_only", f"{str(settings.read_only.value).lower()} ({settings.read_only.origin})"),
        ("protect", f"{', '.join(map(str, settings.protect.value)) or 'nothing'} ({settings.protect.origin})"),
        ("max_batch", f"{settings.max_batch.value} ({settings.max_batch.origin})"),
        ("grace_seconds", f"{settings.grace_seconds.value:g} ({settings.grace_seconds.origin})"),
        ("price_per_gb_month", f"${settings.price_per_gb_month.value:g} ({settings.price_per_gb_month.origin})"),
        ("mouse", f"{'on' if settings.mouse.value else 'off'} ({settings.mouse.origin})"),
        ("sort", f"{settings.sort.value} ({settings.sort.origin})"),
        ("theme", f"{settings.theme.value} ({settings.theme.origin})"),
        ("audit", f"{_fields(settings.audit.value)} ({settings.audit.origin})"),
        ("policies", f"{', '.join(settings.policies.value) or 'none'} ({settings.policies.origin})"),
        ("terminal", os.environ.get("TERM", "none")),
    ]
    notes = credentials.notes if credentials else (parts.no_token,)
    if settings.protect.value and not checks:
        notes = (*notes, "what the rules of protect hold was not checked: snaptui info --check reads the list for that")
    for name, value in [*rows, *(("note", note) for note in notes)]:
        _say(name, value)


def _fields(audit: AuditSettings) -> str:
    return ", ".join(f"{name} {value}" for name, value in asdict(audit).items())


def _file(path: Path, demo: bool) -> str:
    state = "not used with --demo" if demo else "there" if path.exists() else "not there"
    return f"{path} ({state})"


def _folder(path: Path) -> str:
    try:
        is_open = bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
    except OSError:
        return f"{path} (not there)"
    return f"{path} (others can look into it; the next deletion closes it)" if is_open else f"{path} (there)"


def _proxy() -> str:
    """Return the proxies without what stands before @: it may be a password."""
    proxies = {scheme: url.rpartition("@")[2] for scheme, url in _proxies().items() if scheme != "no"}
    return ", ".join(f"{scheme} {url}" for scheme, url in sorted(proxies.items())) or "none"


def _proxies() -> Mapping[str, str]:
    """Return the proxies by scheme, as httpx finds them."""
    if not sys.platform.startswith("linux"):
        from urllib.request import getproxies  # other systems keep them elsewhere, too

        return getproxies()
    given = ((name.lower(), url) for name, url in os.environ.items())
    return {name.removesuffix("_proxy"): url for name, url in given if name.endswith("_proxy") and url}
