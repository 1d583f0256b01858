"""Commands besides `list` whose query or protection cannot be judged for want of a scope: counted, exit code 4."""

import pytest

from snaptui.demo.api import ALL_SCOPES, DEMO_TOKEN
from tests.contract.test_cli import Serve, run


@pytest.mark.parametrize(
    ("scope", "command", "said"),
    [
        ("droplet:read", "audit is:orphan", "135 of 240 could not be judged: droplets could not be read"),
        ("block_storage:read", "audit state:gone -o json", "105 of 240 could not be judged: volumes could not be read"),
        ("tag:read", "audit tag:keep", "240 of 240 could not be judged: tags cannot be read"),
        ("droplet:read", "prune is:orphan --keep-last 1", "135 of 240 could not be judged: droplets could not be read"),
        ("tag:read", "prune -tag:x --keep-last 1", "240 of 240 could not be judged: tags cannot be read"),
        ("tag:read", "prune --keep-last 1 -o json", "protect tag:keep: 240 of 240 could not be judged"),
        ("droplet:read", "delete --query is:orphan", "135 of 240 could not be judged: droplets could not be read"),
        ("tag:read", "delete --query type:volume", "protect tag:keep: 240 of 240 could not be judged: tags"),
        ("tag:read", "delete --query -tag:x", "240 of 240 could not be judged: tags cannot be read"),
    ],
)
def test_what_could_not_be_judged_is_said_and_is_no_full_success(
    serve: Serve, scope: str, command: str, said: str
) -> None:
    server = serve(scopes={DEMO_TOKEN: ALL_SCOPES - {scope}})
    confirmed = ["--confirm-up-to", "300", "--max-batch", "300"] if command.startswith("delete") else []
    done = run(*command.split(), *confirmed, server=server)
    assert done.returncode == 4, done.stderr
    assert said in done.stderr
    assert scope in done.stderr


@pytest.mark.parametrize(
    ("scope", "command"),
    [
        ("droplet:read", "audit is:orphan type:volume"),
        ("droplet:read", "prune --keep-last 1"),
        ("tag:read", "audit size>1GB"),
        ("block_storage:read", "delete --query size>99TB"),
        ("tag:read", "delete --query size>99TB"),
    ],
)
def test_what_does_not_decide_the_answer_is_no_failure(serve: Serve, scope: str, command: str) -> None:
    done = run(*command.split(), server=serve(scopes={DEMO_TOKEN: ALL_SCOPES - {scope}}))
    assert done.returncode == 0, done.stderr
    assert "could not be judged" not in done.stderr


def test_a_gap_of_one_row_is_said_and_fails_no_nightly_job(serve: Serve) -> None:
    server = serve()
    one = next(iter(server.account.snapshots))
    server.account.change(one, created_at="yesterday")
    for command in ("audit age>1y", "prune age>1y --keep-last 1"):
        done = run(*command.split(), server=server)
        assert done.returncode == 0
        assert "1 of 240 could not be judged: date not known" in done.stderr
