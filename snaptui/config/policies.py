"""Retention policies by name, as the settings file has them: `[policies.nightly]` with `last = 7`, `within = "1y"`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict

if TYPE_CHECKING:  # imported when there are policies: the first frame does without
    from snaptui.audit.policy import Policy

Count = int | str | None


class PolicyTable(Struct, frozen=True, forbid_unknown_fields=True):
    """One policy of the file: the options of `snaptui prune` without `keep-`, and `_` for `-`."""

    last: Count = None
    hourly: Count = None
    daily: Count = None
    weekly: Count = None
    monthly: Count = None
    yearly: Count = None
    within: str | None = None
    within_hourly: str | None = None
    within_daily: str | None = None
    within_weekly: str | None = None
    within_monthly: str | None = None
    within_yearly: str | None = None
    tags: tuple[str, ...] = ()


def read_policies(tables: Mapping[str, PolicyTable]) -> "dict[str, Policy]":
    """Return the policies of a file; raises `ValueError` that names the one that cannot be read."""
    return {name: _read(name, table) for name, table in tables.items()}


def _read(name: str, table: PolicyTable) -> "Policy":
    from snaptui.audit.policy import Policy, PolicyError

    texts = {key: str(value) for key, value in asdict(table).items() if value is not None and key != "tags"}
    try:
        policy = Policy.read(texts, table.tags)
    except PolicyError as error:
        raise ValueError(f"policies.{name}: {error}") from None
    if policy.is_empty:
        raise ValueError(f"policies.{name}: it keeps nothing; give it last, daily, within or another of the options")
    return policy
