"""Account behind a token, with the status that DigitalOcean gives it."""

from msgspec import Struct


class Account(Struct, frozen=True):
    """The account behind a token. Source: `GET /v2/account`.

    `status` is `active`, `warning` or `locked`; `status_message` says why, where the API does.
    """

    uuid: str
    email: str
    status: str
    team_uuid: str | None = None
    team_name: str | None = None
    status_message: str | None = None

    @property
    def trouble(self) -> str:
        """The trouble that DigitalOcean reports, `account locked: …`; empty for an active account."""
        if self.status in ("active", ""):
            return ""
        return f"account {self.status}{f': {self.status_message}' if self.status_message else ''}"

    @property
    def label(self) -> str:
        """The team's name, or the e-mail address of an account without a team."""
        return f"team {self.team_name}" if self.team_name else self.email


def same_account(planned: Account | None, now: Account | None) -> bool | None:
    """Return whether two accounts are the same; `None`, which is not "yes", when one of them is not known."""
    if planned is None or now is None:
        return None
    return (planned.uuid, planned.team_uuid) == (now.uuid, now.team_uuid)
