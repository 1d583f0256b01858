"""doctl's file: whatever is in it, the answer is its tokens or one sentence that quotes none."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from snaptui.config.credentials import find_credentials
from snaptui.config.doctl import DoctlConfig, read_doctl
from snaptui.config.settings import ConfigError

TOKEN, OTHER = (f"dop_v1_{letter * 64}" for letter in "ab")
DIGITS = "1234567890" * 6 + "1234"


def read(folder: Path, text: str | bytes) -> DoctlConfig | None:
    path = folder / "config.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(0o600)
    return read_doctl(path)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        (f"access-token: {TOKEN}\n", {"default": TOKEN}),
        (f"ACCESS-TOKEN: '{TOKEN}'\n", {"default": TOKEN}),
        (f"access-token: !!str {TOKEN}\n", {"default": TOKEN}),
        (f"access-token: {DIGITS}\n", {"default": DIGITS}),
        (f"x: &t {TOKEN}\naccess-token: *t\n", {"default": TOKEN}),
        (
            f"auth-contexts: {{Work: {OTHER}, default: 'true'}}\naccess-token: {TOKEN}\n",
            {"default": TOKEN, "work": OTHER},
        ),
        (f"auth-contexts:\n  work: {OTHER}\n  none: null\n  empty: ''\naccess-token:\n", {"work": OTHER}),
        (f"kubernetes: {{a: [1, {{access-token: {OTHER}}}]}}\naccess-token: {TOKEN}\n", {"default": TOKEN}),
        (f"access-token: {TOKEN}\n---\naccess-token: {OTHER}\n", {"default": TOKEN}),
        ("- a\n- b\n", {}),
        ("# nothing\n", {}),
    ],
)
def test_tokens_are_read_as_doctl_means_them(tmp_path: Path, text: str, tokens: dict[str, str]) -> None:
    config = read(tmp_path, text)
    assert config is not None
    assert config.tokens == tokens


ALIASES = "\n".join([f"a0: &a0 {TOKEN}", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"access-token: !!int {TOKEN}\n", "has no text at access-token"),
        (f"access-token: !!float {TOKEN}\n", "has no text at access-token"),
        (f"access-token: !!python/object/apply:os.system [{TOKEN}]\n", "has no text at access-token"),
        (f"access-token: [{TOKEN}]\n", "has no text at access-token"),
        (f"auth-contexts: {{work: {{token: {TOKEN}}}}}\ncontext: [work]\n", "has no text at context"),
        (f"auth-contexts: [{TOKEN}]\n", "has no text at auth-contexts"),
        (f"auth-contexts: {{work: !!timestamp {TOKEN}}}\n", "has no text at auth-contexts.work"),
        (f"{ALIASES}\naccess-token: *a11\n", "has no text at access-token"),
        (f"x: &x {{access-token: {TOKEN}}}\n<<: [*x, *x]\n", "has a key that is not a word"),
        (f"? [{TOKEN}]\n: 1\n", "has a key that is not a word"),
        ("a: " + "[" * 50_000, "nested too deeply"),
        ("a: " + "{b: " * 50_000, "nested too deeply"),
        (f"access-token: '{TOKEN}\n", "is not valid YAML"),
        (f"access-token: {TOKEN}\n\x00", "is not valid YAML"),
        (f"access-token: {TOKEN}\n".encode() + b"\xff", "is not text"),
        ("#" * 1_000_001, "larger than 1 MB"),
    ],
)
def test_what_cannot_be_told_is_one_sentence_without_the_token(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    message = str(caught.value)
    assert message.startswith(f"doctl's file {tmp_path / 'config.yaml'} ")
    assert said in message
    assert message.endswith("Mend it, or set DIGITALOCEAN_TOKEN.")
    assert TOKEN[7:] not in message


@pytest.mark.parametrize("text", [f"{ALIASES}\naccess-token: {TOKEN}\n", f"n: {'9' * 5_000}\naccess-token: {TOKEN}\n"])
def test_what_multiplies_or_is_endless_elsewhere_costs_nothing(tmp_path: Path, text: str) -> None:
    config = read(tmp_path, text)
    assert config is not None
    assert config.tokens == {"default": TOKEN}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="ab:{}[],-?&*!<\n '\"#|>\t", max_size=60))
def test_no_text_whatever_is_more_than_an_error(tmp_path: Path, text: str) -> None:
    with suppress(ConfigError):
        assert read(tmp_path, text) is not None


def test_without_a_file_there_is_none_but_a_link_that_leads_nowhere_is_said(tmp_path: Path) -> None:
    assert read_doctl(tmp_path / "none") is None
    (tmp_path / "link").symlink_to("none")
    with pytest.raises(ConfigError, match="leads nowhere"):
        read_doctl(tmp_path / "link")


@pytest.mark.parametrize(("mode", "notes"), [(0o600, 0), (0o640, 1), (0o644, 1)])
def test_a_file_with_tokens_that_others_can_read_is_said_when_it_is_used(tmp_path: Path, mode: int, notes: int) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f"access-token: {TOKEN}\n")
    path.chmod(mode)
    found = find_credentials({"DIGITALOCEAN_CONFIG": str(path)})
    assert len(found.notes) == notes
    assert all("chmod 600" in note and str(path) in note for note in found.notes)
