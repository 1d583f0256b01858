"""Audits in the state of the browse screen: their settings, and the way back to them."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

from snaptui.config.settings import AuditSettings

if TYPE_CHECKING:  # nothing of audits is needed for the first frame
    from snaptui.audit.policy import Policy


class Auditing(Struct, frozen=True):
    """Settings of audits: thresholds of the findings, and policies by name."""

    settings: AuditSettings = AuditSettings()
    policies: "Mapping[str, Policy]" = field(default_factory=dict)


class WayBack(Struct, frozen=True):
    """Way back from rows that another screen asked for: the filter before, and the call that opens the screen again."""

    text: str
    reopen: Callable[[], None]
