"""The client process's environment: nothing called like a token or holding one crosses."""

import pytest

from snaptui.digitalocean.process.launcher import without_secrets

SECRET = "dop_v1_" + "5ec4e7a1" * 8


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DIGITALOCEAN_TOKEN", "short"),
        ("DIGITALOCEAN_ACCESS_TOKEN", SECRET),
        ("DIGITALOCEAN_API_TOKEN", SECRET),
        ("DO_API_KEY", "anything"),
        ("do_api_token", "anything"),
        ("GITHUB_TOKEN", "anything"),
        ("NOTE", f"the token is {SECRET}!"),
        ("NOTE", SECRET.replace("dop", "dor")),
        ("LEGACY", "5ec4e7a1" * 8),
    ],
)
def test_what_may_be_a_token_is_left_out(name: str, value: str) -> None:
    assert without_secrets({name: value, "PATH": "/bin"}) == {"PATH": "/bin"}


def test_what_the_client_needs_is_kept() -> None:
    needed = {
        "HOME": "/root",
        "HTTPS_PROXY": "http://user:password@proxy:3128",
        "no_proxy": "*",
        "SSL_CERT_FILE": "/etc/ssl/cert.pem",
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": "/" + "a1" * 40,
    }
    assert without_secrets(needed) == needed
