"""The API address: a token goes over TLS or to this machine, and every refusal is one sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snaptui.digitalocean.api.address import check_base_url, split_address
from snaptui.digitalocean.api.errors import RefusedRequestError

TOKEN = "dop_v1_" + "5ec4e7a1" * 8


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("https://api.digitalocean.com", False),
        ("https://api.digitalocean.com:8443/", False),
        ("https://under_score.internal.", False),
        ("https://192.0.2.1", False),
        ("https://[2001:db8::1]:443", False),
        ("http://127.0.0.1:8080", True),
        ("http://[::1]:8080", True),
        ("http://localhost", True),
    ],
)
def test_a_usable_address_is_on_this_machine_or_not(url: str, loopback: bool) -> None:
    assert check_base_url(url) is loopback


@pytest.mark.parametrize(
    "url",
    [
        "https://api.digital\nocean.com",
        "https://api.digitalocean.com\n",
        "\rhttps://api.digitalocean.com",
        " https://api.digitalocean.com",
        "https://api.digitalocean.com\t",
        "https://ex ample.com",
        "https://api.digitalocean.com\x00",
        "https://\u200bapi.digitalocean.com",
        "https://exämple.com",
        "https://xn--a.com",
        "https://a..b",
        "https://-a.com",
        f"https://{'a' * 64}.com",
        f"https://{'a.' * 130}com",
        "https://h:99999",
        "https://h:0",
        "https://h:port",
        "https://[::1",
        "https://[v1.x]",
        "https://[192.0.2.1]",
        "https://2001:db8::1",
        "https://%41.com",
        "https://a\\b",
        "https://h/path",
        "https://h?query",
        "https://h?",
        "https://h#fragment",
        "https://user@h",
        "https://:443",
        "https://",
        "ftp://h",
        "h",
        "",
    ],
)
def test_any_other_is_one_sentence(url: str) -> None:
    with pytest.raises(RefusedRequestError, match="is not an API address") as caught:
        check_base_url(url)
    assert str(caught.value).isprintable()


def test_a_token_in_an_address_is_not_repeated() -> None:
    for url in (f"https://{TOKEN}@api.digitalocean.com", f"https://api.digitalocean.com/{TOKEN}", TOKEN):
        with pytest.raises(RefusedRequestError) as caught:
            check_base_url(url)
        assert TOKEN[7:] not in str(caught.value)


def test_a_host_that_is_another_machine_needs_tls() -> None:
    with pytest.raises(RefusedRequestError, match="unencrypted"):
        check_base_url("http://127.0.0.1.example.com")


@given(st.text(alphabet="htps:/@.[]-_%#?\\ \n\t0129axn\u00e9\ud800", max_size=30))
def test_no_text_whatever_is_more_than_refused(text: str) -> None:
    split_address(text)
    split_address(f"https://{text}")
