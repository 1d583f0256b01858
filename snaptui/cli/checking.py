"""`snaptui info --check`: whose account it is, and what each protection rule holds of the list as it is now."""

import asyncio
import time
from collections.abc import Callable
from contextlib import aclosing

from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.failures import say
from snaptui.cli.loading import AccountList, Loading
from snaptui.cli.wiring import Parts
from snaptui.digitalocean.api.errors import ApiError, NotAuthenticatedError
from snaptui.inventory.select import select
from snaptui.model.account import Account
from snaptui.query import Query, QueryContext
from snaptui.text.amounts import count


def check(parts: Parts, tell: Callable[[str, str], None]) -> ExitCode:
    """Tell the account, the list and each rule; the exit code says whether all of it could be read and judged."""
    rules = parts.settings.protect.value
    loaded = Loading(parts).finish(sources=any(rule.uses_sources for rule in rules))
    account = asyncio.run(_account(parts))
    tell("account", account.label if isinstance(account, Account) else f"not known: {account}")
    tell("list", loaded.coverage.shortfall or f"complete: {count(len(loaded.snapshots), 'snapshot')}")
    judged = [_told(rule, loaded, parts, tell) for rule in rules]
    if not rules:
        say("protect has no rules: nothing is protected")
    whole = isinstance(account, Account) and loaded.coverage.shortfall is None and all(judged)
    return ExitCode.FINE if whole else ExitCode.INCOMPLETE


async def _account(parts: Parts) -> Account | ApiError:
    """Return whose token it is, or why that could not be read. Raises `NotAuthenticatedError`."""
    async with aclosing(parts.client(parts.need_token())) as client:
        try:
            return await client.get_account()
        except NotAuthenticatedError:
            raise
        except ApiError as error:
            return error


def _told(rule: Query, loaded: AccountList, parts: Parts, tell: Callable[[str, str], None]) -> bool:
    """Tell what a rule holds, and return whether all of the list could be judged by it."""
    now = time.time() + loaded.coverage.server_ahead(time.time())
    price = parts.settings.price_per_gb_month.value
    context = QueryContext(now, places=loaded.snapshots.places, sources=loaded.sources, usd_per_gb_month=price)
    found = select(rule, loaded.snapshots, context)
    holds = f"holds {found.matching.count:,} of {len(loaded.snapshots):,}" if found.matching else "matches nothing"
    protected = f"; {found.shortfall}, and these count as protected" if found.shortfall else ""
    tell("rule", f"{rule}: {holds}{protected}")
    return not found.unread
