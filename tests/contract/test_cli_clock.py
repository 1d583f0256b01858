"""A local clock that is wrong: ages are counted by the server's clock, whichever command asks for them."""

import json
import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from snaptui.demo.generator import generated_account
from tests.contract.test_cli import run
from tests.support.server import ScriptedServer

DAY = 86_400.0


@pytest.fixture(params=[-900 * DAY, -2 * 3_600.0, 400 * DAY], ids=["fast by years", "fast by hours", "slow by a year"])
def elsewhen(request: pytest.FixtureRequest) -> Iterator[ScriptedServer]:
    """A server whose clock is by so many seconds ahead of the local one."""

    ahead: float = request.param

    def clock() -> float:
        return time.time() + ahead

    with ScriptedServer(generated_account(now=clock(), snapshots=120), clock=clock) as server:
        yield server


def test_ages_in_a_listing_are_counted_by_the_servers_clock(elsewhen: ScriptedServer) -> None:
    done = run("list", "--columns", "created,age", "-o", "json", server=elsewhen)
    for row in json.loads(done.stdout):
        days = (elsewhen.clock() - datetime.fromisoformat(row["created_at"]).timestamp()) / DAY
        assert row["age_days"] == pytest.approx(days, abs=0.02)


def test_a_condition_on_age_means_the_servers_days(elsewhen: ScriptedServer) -> None:
    ages = [elsewhen.clock() - datetime.fromisoformat(str(row["created_at"])).timestamp() for row in rows(elsewhen)]
    done = run("list", "age>1y", "--total", "-o", "json", server=elsewhen)
    assert json.loads(done.stdout)["count"] == sum(age > 365 * DAY for age in ages)
    assert run("list", "age<1h", "--fail-if-any", server=elsewhen).returncode == (6 if min(ages) < 3_600 else 0)


def test_nothing_is_kept_as_future_or_as_young_that_is_neither(elsewhen: ScriptedServer) -> None:
    preview = json.loads(run("prune", "--keep-last", "1", "-o", "json", server=elsewhen).stdout)
    assert preview["remove"]
    assert not [row for row in preview["keep"] if "future" in str(row["reasons"])]
    old = min(rows(elsewhen), key=lambda row: str(row["created_at"]))
    said = run("delete", str(old["id"]), server=elsewhen).stderr
    assert "less than a day ago" not in said
    audited = json.loads(run("audit", "--by", "age", "-o", "json", server=elsewhen).stdout)
    assert "future" not in json.dumps(audited)


def rows(server: ScriptedServer) -> list[dict[str, object]]:
    return [dict(row) for row in server.account.rows()]
