"""Audits as the browse screen knows them: their settings, the way back to them, and the sums of its pane."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

from snaptui.config.settings import AuditSettings
from snaptui.inventory.view import View
from snaptui.text.lines import Line

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


class Money(Struct, frozen=True):
    """Where the money of a view is, as lines for a pane of `width` cells."""

    view: View
    width: int
    lines: tuple[Line, ...]
