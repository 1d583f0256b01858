"""The API token, kept out of everything that prints."""

from typing import Final

ACCESS_PREFIXES: Final = ("dop_v1_", "doo_v1_")
REFRESH_PREFIX: Final = "dor_v1_"


class Token:
    """A bearer token whose `str`, `repr` and format never show more than its first and last letters."""

    __slots__ = ("_secret",)

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def reveal(self) -> str:
        """Return the secret itself; only the Authorization header needs it."""
        return self._secret

    @property
    def masked(self) -> str:
        """`dop_v1_…9f2c`: enough to tell two tokens apart, not enough to use one."""
        prefix = next((p for p in (*ACCESS_PREFIXES, REFRESH_PREFIX) if self._secret.startswith(p)), "")
        tail = self._secret[-4:] if len(self._secret) - len(prefix) >= 16 else ""
        return f"{prefix}…{tail}"

    @property
    def is_refresh_token(self) -> bool:
        """True for `dor_v1_` tokens, which renew an OAuth grant and cannot call the API."""
        return self._secret.startswith(REFRESH_PREFIX)

    def __repr__(self) -> str:
        return f"Token({self.masked})"

    def __str__(self) -> str:
        return self.masked

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Token) and self._secret == other._secret

    def __hash__(self) -> int:
        return hash(self._secret)

    def __reduce__(self) -> tuple[type["Token"], tuple[str]]:
        raise TypeError("a token is never serialised")
