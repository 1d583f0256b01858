"""Audits as the browse screen knows them: their settings, and the way back to them."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

from snaptui.config.settings import AuditSettings

if TYPE_CHECKING:  # nothing of audits is needed for the first frame
    from snaptui.audit.policy import Policy


class Auditing(Struct, frozen=True):
    """Settings of audits: from when on something is a finding, and policies by name."""

    settings: AuditSettings = AuditSettings()
    policies: "Mapping[str, Policy]" = field(default_factory=dict)


class WayBack(Struct, frozen=True):
    """Where Esc leads from rows that another screen asked for: the filter that was there before, and that screen."""

    text: str
    reopen: Callable[[], None]
