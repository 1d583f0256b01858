"""Credentials: finds the token, its origin, and other tokens that were passed over. An explicit choice wins.

With a context doctl ignores a token in the environment and does not say so: the registry of the wrong account was
deleted that way (its issue 1396).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from snaptui.config.doctl import DoctlConfig, doctl_file, read_doctl
from snaptui.files.errors import FileError
from snaptui.files.reading import read_with_mode
from snaptui.model.token import Token

TOKEN_VARIABLES: Final = ("DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN")
"""The first is that of the API reference and of Terraform, the second the only one that doctl reads."""
LONGEST_TOKEN: Final = 512
LARGEST_FILE_BYTES: Final = 64_000


class CredentialsError(Exception):
    """A token that cannot be used; the message says where it came from and what to do."""


class NoTokenError(CredentialsError):
    """There is no token anywhere."""


class Credentials(Struct, frozen=True):
    """A token, its origin, and the origins of tokens that were passed over."""

    token: Token
    origin: str
    context: str | None = None
    notes: tuple[str, ...] = ()


def checked_token(text: str, origin: str = "the token") -> Token:
    """Return the token that a text holds; raises `CredentialsError`, which never quotes it."""
    secret = text.strip()
    if not secret:
        raise CredentialsError(f"{origin} is empty")
    if secret[0] in "\"'$":
        raise CredentialsError(
            f"{origin} begins with {secret[0]}: the token stands there by itself, without quotes or $"
        )
    if len(secret) > LONGEST_TOKEN or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise CredentialsError(f"{origin} is not a token: a token is one word such as dop_v1_ and 64 hex digits")
    token = Token(secret)
    if token.is_refresh_token:
        raise CredentialsError(
            f"{origin} is a refresh token (dor_v1_), which cannot call the API: use the access token"
        )
    return token


def _from_file(path: Path) -> Credentials:
    try:
        content, mode = read_with_mode(path, LARGEST_FILE_BYTES)
        text = content.decode()
    except FileError as error:
        raise CredentialsError(f"--token-file {path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CredentialsError(f"--token-file {path} cannot be read: it is not text") from None
    notes = (_open_to_others(path),) if mode & 0o077 else ()
    return Credentials(checked_token(text, f"--token-file {path}"), f"--token-file {path}", notes=notes)


def _open_to_others(path: Path) -> str:
    return f"{path} can be read by others, and holds a token; chmod 600 it"


def find_credentials(
    environment: Mapping[str, str], *, token_file: Path | None = None, context: str | None = None
) -> Credentials:
    """Return the token: `--token-file`, `--context`, the environment, then doctl's active context."""
    given = [(name, environment[name]) for name in TOKEN_VARIABLES if environment.get(name, "").strip()]
    if token_file is not None:
        found = _from_file(token_file)
        passed_over = [name for name, value in given if value.strip() != found.token.reveal()]
        return _noting(found, [f"{name} is set too and was not used" for name in passed_over])
    path = doctl_file(environment)
    if context is not None:
        found = _from_doctl(read_doctl(path), path, context.lower())
        return _noting(found, [f"--context was given, so {name} was not used" for name, _ in given])
    if given:
        name, value = given[0]
        others = [f"{other} is set to another token and was not used" for other, v in given[1:] if v != value]
        active = environment.get("DIGITALOCEAN_CONTEXT", "").strip()
        if active:
            others.append(f"DIGITALOCEAN_CONTEXT={active} was not used, because {name} is set")
        return Credentials(checked_token(value, name), name, notes=tuple(others))
    config = read_doctl(path)
    named = environment.get("DIGITALOCEAN_CONTEXT", "").strip().lower()
    if config is None and not named:
        raise NoTokenError(
            f"no token: {' and '.join(TOKEN_VARIABLES)} are not set, and there is no {path}. "
            "Set DIGITALOCEAN_TOKEN, give --token-file FILE, or run: doctl auth init"
        )
    return _from_doctl(config, path, named or (config.context if config else ""))


def _from_doctl(config: DoctlConfig | None, path: Path, context: str) -> Credentials:
    if config is None:
        raise NoTokenError(f"context {context}: there is no {path}. Run: doctl auth init --context {context}")
    if context not in config.tokens:
        known = ", ".join(sorted(config.tokens)) or "none"
        raise NoTokenError(f"{path} has no token for the context {context!r}; it has: {known}")
    origin = f"doctl's context {context} in {path}"
    notes = (_open_to_others(path),) if config.open_to_others else ()
    return Credentials(checked_token(config.tokens[context], origin), origin, context, notes)


def _noting(credentials: Credentials, notes: list[str]) -> Credentials:
    return Credentials(credentials.token, credentials.origin, credentials.context, (*credentials.notes, *notes))
