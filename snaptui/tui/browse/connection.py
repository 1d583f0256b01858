"""Connection: whose account is shown, and where it is asked."""

from msgspec import Struct

from snaptui.model.account import Account
from snaptui.model.token import Token


class Connection(Struct, frozen=True):
    """Whose account is asked, and where."""

    api_url: str = ""
    api_host: str = ""
    token: Token | None = None
    context: str | None = None
    demo: bool = False
    read_only: bool = False
    account: Account | None = None
    account_asked: bool = False
    saved: float | None = None
    """When the listing was saved that is shown, in Unix seconds; `None` when the API is asked."""
