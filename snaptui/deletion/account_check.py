"""Check, when a batch has its turn, that the token's account is the plan's."""

from snaptui.deletion.batch import Stop, StopKind
from snaptui.deletion.client_interface import Api
from snaptui.digitalocean.api.errors import ApiError, NotAuthenticatedError, NotPermittedError
from snaptui.model.account import Account, same_account


async def account_problem(planned: Account | None, api: Api, *, unproven_confirmed: bool) -> Stop | None:
    """Return why a plan for the account `planned` may not be worked off; `None` when it may.

    What cannot be read is not "the same": it may only if that was confirmed.
    """
    if planned is None and unproven_confirmed:
        return None
    try:
        account = await api.get_account()
    except NotAuthenticatedError as error:
        return Stop(StopKind.NOT_AUTHENTICATED, str(error))
    except NotPermittedError as error:
        return None if unproven_confirmed else _unreadable(error)
    except ApiError as error:
        return _unreadable(error)
    if planned is not None and same_account(planned, account) is False:
        now, then = account.label, planned.label
        if now == then:  # two teams may have one name
            now, then = _exactly(account), _exactly(planned)
        return Stop(StopKind.OTHER_ACCOUNT, f"the token belongs to {now} now, not to {then}")
    return None


def _exactly(account: Account) -> str:
    team = f", team {account.team_uuid}" if account.team_uuid else ""
    return f"{account.label} (user {account.uuid}{team})"


def _unreadable(error: ApiError) -> Stop:
    return Stop(StopKind.UNPROVEN_ACCOUNT, f"whose account the token is for cannot be read: {error}")
