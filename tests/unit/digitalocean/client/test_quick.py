"""Quick pages: they are read only where nothing stands between this machine and the API."""

import pytest

from snaptui.digitalocean.client.quick import goes_straight

API = "https://api.example.com"


@pytest.mark.parametrize("name", ["http_proxy", "HTTPS_PROXY", "All_Proxy"])
def test_a_proxy_in_the_environment_is_left_to_the_full_client(name: str) -> None:
    assert not goes_straight(API, {name: "http://proxy:3128"}, "linux")
    assert goes_straight(API, {name: ""}, "linux")
    assert goes_straight(API, {"NO_PROXY": "*", "PATH": "/bin"}, "linux")


def test_where_proxies_can_be_set_elsewhere_none_is_ruled_out() -> None:
    assert not goes_straight(API, {}, "darwin")
    assert not goes_straight(API, {}, "win32")


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_what_goes_to_this_machine_goes_straight(platform: str) -> None:
    assert goes_straight("http://127.0.0.1:8080", {"http_proxy": "http://proxy:3128"}, platform)
