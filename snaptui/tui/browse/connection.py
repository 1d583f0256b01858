"""Connection: the account that is shown, and the API that it is read from."""

from msgspec import Struct

from snaptui.model.account import Account
from snaptui.model.token import Token


class Connection(Struct, frozen=True):
    """The account that is shown, its token, and the address of the API."""

    api_url: str = ""
    api_host: str = ""
    token: Token | None = None
    context: str | None = None
    demo: bool = False
    read_only: bool = False
    account: Account | None = None
    account_asked: bool = False
    saved: float | None = None
    """The moment at which the listing was saved, in Unix seconds; `None` when it comes from the API."""
