"""Account check: what cannot be read is not the same."""

import pytest

from snaptui.deletion.batch import StopKind
from snaptui.deletion.items import Outcome
from snaptui.deletion.queue import UnprovenAccountError
from snaptui.deletion.states import State
from snaptui.digitalocean.api.errors import (
    ApiError,
    NotAuthenticatedError,
    NotPermittedError,
    ServerError,
)
from snaptui.model.account import Account
from tests.support.deleting import OURS, plan_of

from .conftest import ROWS, Make


@pytest.mark.parametrize(
    ("account", "kind"),
    [
        (Account("other", "other@example.com", "active"), StopKind.OTHER_ACCOUNT),
        (NotPermittedError("no account:read", status=403), StopKind.UNPROVEN_ACCOUNT),
        (ServerError("down", status=500), StopKind.UNPROVEN_ACCOUNT),
        (NotAuthenticatedError("bad token", status=401), StopKind.NOT_AUTHENTICATED),
    ],
)
async def test_another_account_or_one_that_cannot_be_read_is_not_the_same(
    make: Make, account: Account | ApiError, kind: StopKind
) -> None:
    scene = make()
    scene.api.account = account
    batch = await scene.done()
    assert batch.stop is not None
    assert batch.stop.kind is kind
    assert scene.api.sent == []
    assert scene.api.asked == ["account"]


async def test_another_account_of_the_same_name_is_told_apart_in_words(make: Make) -> None:
    scene = make()
    scene.api.account = Account("other", OURS.email, "active", "t2", None)
    batch = await scene.done()
    assert batch.stop is not None
    assert batch.stop.message == (
        "the token belongs to ops@example.com (user other, team t2) now, not to ops@example.com (user u)"
    )


async def test_a_plan_without_a_proven_account_has_to_be_confirmed_as_such(make: Make) -> None:
    scene = make()
    with pytest.raises(UnprovenAccountError):
        scene.queue.submit(plan_of(ROWS[:1], account=None))
    scene.queue.submit(plan_of(ROWS[:1], account=None), unproven_account_confirmed=True)
    await scene.until(State.ENDED)
    assert scene.outcomes() == [Outcome.DELETED]


async def test_an_account_that_cannot_be_read_any_more_does_when_that_was_confirmed(make: Make) -> None:
    scene = make()
    scene.api.account = NotPermittedError("no account:read", status=403)
    scene.queue.submit(plan_of(ROWS[:1]), unproven_account_confirmed=True)
    await scene.until(State.ENDED)
    assert scene.outcomes() == [Outcome.DELETED]
