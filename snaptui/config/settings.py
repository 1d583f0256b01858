"""Settings: the value of each from flag, environment, file or default, and which of these it came from."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Generic, TypeVar

import msgspec
from msgspec import Struct

from snaptui.config.policies import PolicyTable, read_policies
from snaptui.files.errors import FileError, MissingFileError
from snaptui.files.reading import read_regular
from snaptui.inventory.orders import DEAREST_FIRST, Sort
from snaptui.model.cost import DEFAULT_USD_PER_GB_MONTH
from snaptui.query import Query, QueryError, parse

if TYPE_CHECKING:
    from snaptui.audit.policy import Policy

T = TypeVar("T")
DEFAULT_ORIGIN: Final = "default"
DEFAULT_API_URL: Final = "https://api.digitalocean.com"
LARGEST_FILE_BYTES: Final = 256_000
MOST_DOTS: Final = 1_000
LONGEST_QUOTE: Final = 200
DEFAULT_THEME: Final = "terminal"
BY_BACKGROUND: Final = "auto"
"""The theme that is dark or light as the terminal's background is, once the terminal has named it."""
THEMES: Final = (DEFAULT_THEME, "dark", "light", "high-contrast", "colour-blind")
DEFAULT_PROTECT: Final = ("tag:keep", "tag:protected")
_WORDS: Final[Mapping[str, str]] = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "int | null": "a whole number",
    "float | null": "a number",
    "str | null": "text",
    "bool | null": "true or false",
    "array | null": "a list",
    "object | null": "a table",
    "int | str | null": "a whole number or text",
}
"""Plain words for the names that msgspec gives to types of values."""


class ConfigError(Exception):
    """A setting that cannot be used; the message says where it stands, what is wrong and what to do."""


class Sourced(Struct, Generic[T], frozen=True):
    """A value and where it came from: `--read-only`, `DIGITALOCEAN_API_URL`, a file, `default`."""

    value: T
    origin: str = DEFAULT_ORIGIN


class AuditSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Thresholds of the audits: `[audit]` in the file."""

    newest: Annotated[int, msgspec.Meta(ge=1)] = 3
    old_days: Annotated[int, msgspec.Meta(ge=1, le=36_500)] = 365
    stale_days: Annotated[int, msgspec.Meta(ge=1, le=36_500)] = 7
    swollen: Annotated[float, msgspec.Meta(gt=1, le=1_000)] = 3.0


class Settings(Struct, frozen=True):
    """All settings, each with its origin."""

    api_url: Sourced[str] = Sourced(DEFAULT_API_URL)
    read_only: Sourced[bool] = Sourced(False)
    protect: Sourced[tuple[Query, ...]] = Sourced(tuple(parse(text) for text in DEFAULT_PROTECT))
    max_batch: Sourced[int] = Sourced(100)
    grace_seconds: Sourced[float] = Sourced(10.0)
    price_per_gb_month: Sourced[float] = Sourced(DEFAULT_USD_PER_GB_MONTH)
    mouse: Sourced[bool] = Sourced(True)
    sort: Sourced[Sort] = Sourced(DEAREST_FIRST)
    theme: Sourced[str] = Sourced(DEFAULT_THEME)
    audit: Sourced[AuditSettings] = Sourced(AuditSettings())
    policies: "Sourced[Mapping[str, Policy]]" = Sourced({})


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Shape of the settings file; a setting that is missing there is `None`."""

    api_url: Annotated[str, msgspec.Meta(min_length=1)] | None = None
    read_only: bool | None = None
    protect: tuple[str, ...] | None = None
    max_batch: Annotated[int, msgspec.Meta(gt=0)] | None = None
    grace_seconds: Annotated[float, msgspec.Meta(ge=0, le=3600)] | None = None
    price_per_gb_month: Annotated[float, msgspec.Meta(ge=0, le=1000)] | None = None
    mouse: bool | None = None
    sort: str | None = None
    theme: str | None = None
    audit: AuditSettings | None = None
    policies: dict[str, PolicyTable] | None = None


def _read(path: Path) -> _File:
    """Return the settings in a file; none are set when there is no file."""
    try:
        content = read_regular(path, LARGEST_FILE_BYTES)
    except MissingFileError:
        return _File()
    except FileError as error:
        raise ConfigError(f"{error}. Mend it or remove it.") from None
    # For a key of 50,000 parts tomllib takes 10 GB.
    if any(line.count(b".") > MOST_DOTS for line in content.splitlines()):
        raise ConfigError(f"{path} has a line with more than {MOST_DOTS:,} dots: no setting is nested so deeply.")
    import tomllib

    try:
        return msgspec.convert(tomllib.loads(content.decode()), _File)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}. Correct that line.") from None
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {_told(str(error))}") from None
    except RecursionError:
        raise ConfigError(f"{path} is nested too deeply: no setting is a list of lists.") from None
    except ValueError:  # Python reads no number of more than 4,300 digits
        raise ConfigError(f"{path} has a number with too many digits.") from None


def _told(wrong: str) -> str:
    """Return what msgspec found wrong in plain words, and which settings there are at that place."""
    what, _, place = wrong.partition(" - at `$.")
    for name, word in _WORDS.items():
        what = what.replace(f"`{name}`", word)
    name = place.rstrip("`").replace("[...]", "")
    if place.startswith("policies["):
        known, of = PolicyTable.__struct_fields__, "of a policy "
    elif place.startswith("audit"):
        known, of = AuditSettings.__struct_fields__, "of the audit "
    else:
        known, of = _File.__struct_fields__, ""
    said = what.replace("Object contains unknown field", "there is no setting").replace("Expected", "it takes")
    return f"{f'{name}: ' if name else ''}{_shortened(said)}. The settings {of}are {', '.join(known)}."


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…"


def _protection(texts: tuple[str, ...], path: Path) -> tuple[Query, ...]:
    queries = []
    for text in texts:
        try:
            query = parse(text)
        except QueryError as error:
            raise ConfigError(f"{path}: protect: {_shortened(repr(text))} is not a query: {error}") from None
        if query.is_empty:
            raise ConfigError(f"{path}: protect: an empty query would protect everything; use read_only for that")
        queries.append(query)
    return tuple(queries)


def _known_theme(name: str, said_by: str) -> str:
    if name not in (*THEMES, BY_BACKGROUND):
        known = ", ".join((*THEMES, BY_BACKGROUND))
        raise ConfigError(f"{said_by}: there is no theme {_shortened(repr(name))}; the themes are {known}")
    return name


def _sort(text: str, path: Path) -> Sort:
    try:
        return Sort.parse(text)
    except ValueError as error:
        raise ConfigError(f"{path}: sort: {error}") from None


def _policies(tables: Mapping[str, PolicyTable], path: Path) -> "dict[str, Policy]":
    try:
        return read_policies(tables)
    except ValueError as error:
        raise ConfigError(f"{path}: {_shortened(str(error))}") from None


def load(
    path: Path,
    environment: Mapping[str, str],
    *,
    api_url: str | None = None,
    read_only: bool = False,
    mouse: bool | None = None,
    theme: str | None = None,
) -> Settings:
    """Return the settings in force, from flags (given as arguments), environment and file; raises `ConfigError`."""
    file, origin, default = _read(path), str(path), Settings()

    def sourced(value: T | None, otherwise: Sourced[T]) -> Sourced[T]:
        return otherwise if value is None else Sourced(value, origin)

    url = sourced(file.api_url, default.api_url)
    if environment.get("DIGITALOCEAN_API_URL", "").strip():
        url = Sourced(environment["DIGITALOCEAN_API_URL"].strip(), "DIGITALOCEAN_API_URL")
    return Settings(
        api_url=url if api_url is None else Sourced(api_url, "--api-url"),
        read_only=Sourced(True, "--read-only") if read_only else sourced(file.read_only, default.read_only),
        protect=default.protect if file.protect is None else Sourced(_protection(file.protect, path), origin),
        max_batch=sourced(file.max_batch, default.max_batch),
        grace_seconds=sourced(file.grace_seconds, default.grace_seconds),
        price_per_gb_month=sourced(file.price_per_gb_month, default.price_per_gb_month),
        mouse=default_mouse(environment, mouse)
        if file.mouse is None or mouse is not None
        else Sourced(file.mouse, origin),
        sort=default.sort if file.sort is None else Sourced(_sort(file.sort, path), origin),
        theme=default_theme(theme) if file.theme is None or theme is not None else _theme(file.theme, path),
        audit=sourced(file.audit, default.audit),
        policies=default.policies if file.policies is None else Sourced(_policies(file.policies, path), origin),
    )


def _theme(name: str, path: Path) -> Sourced[str]:
    return Sourced(_known_theme(name, f"{path}: theme"), str(path))


def default_theme(flag: str | None = None) -> Sourced[str]:
    """Return the theme when no file names one. Raises `ConfigError` when the flag names none that there is."""
    return Sourced(DEFAULT_THEME) if flag is None else Sourced(_known_theme(flag, "--theme"), "--theme")


def default_mouse(environment: Mapping[str, str], flag: bool | None = None) -> Sourced[bool]:
    """Return whether the mouse is used when no file says so: not over SSH, where each movement is sent."""
    if flag is not None:
        return Sourced(flag, "--mouse" if flag else "--no-mouse")
    return Sourced(False, "SSH_CONNECTION") if environment.get("SSH_CONNECTION") else Sourced(True)
