from pathlib import Path

import pytest

from snaptui.config.credentials import CredentialsError, NoTokenError, find_credentials

ONE, OTHER, THIRD = (f"dop_v1_{letter * 64}" for letter in "abc")


def doctl(folder: Path, text: str) -> dict[str, str]:
    path = folder / "doctl.yaml"
    path.write_text(text)
    path.chmod(0o600)
    return {"DIGITALOCEAN_CONFIG": str(path)}


def contexts(folder: Path) -> dict[str, str]:
    return doctl(folder, f'access-token: {ONE}\ncontext: Work\nauth-contexts: {{work: {OTHER}, default: "true"}}\n')


def test_the_first_variable_wins_and_the_conflict_is_said() -> None:
    found = find_credentials({"DIGITALOCEAN_TOKEN": ONE, "DIGITALOCEAN_ACCESS_TOKEN": OTHER})
    assert found.token.reveal() == ONE
    assert found.origin == "DIGITALOCEAN_TOKEN"
    assert "DIGITALOCEAN_ACCESS_TOKEN is set to another token" in found.notes[0]


def test_the_same_token_twice_is_no_conflict() -> None:
    assert not find_credentials({"DIGITALOCEAN_TOKEN": ONE, "DIGITALOCEAN_ACCESS_TOKEN": ONE}).notes


def test_a_token_file_beats_the_environment(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(f"{ONE}\n")
    path.chmod(0o600)
    found = find_credentials({"DIGITALOCEAN_TOKEN": OTHER}, token_file=path)
    assert found.token.reveal() == ONE
    assert found.notes == ("DIGITALOCEAN_TOKEN is set too and was not used",)


def test_a_token_file_that_others_can_read_is_said(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(ONE)
    path.chmod(0o644)
    assert "chmod 600" in find_credentials({}, token_file=path).notes[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n",
        "'dop_v1_a'",
        '"dop_v1_a"',
        "$DIGITALOCEAN_TOKEN",
        "two words",
        "dop_v1_a\ndop_v1_b",
        "dor_v1_" + "a" * 64,
        "tökén",
        "a" * 600,
        "\x00",
    ],
)
def test_a_bad_token_is_refused_without_quoting_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "token"
    path.write_text(text)
    with pytest.raises(CredentialsError) as caught:
        find_credentials({}, token_file=path)
    assert str(path) in str(caught.value)
    assert len(text) < 4 or text.strip() not in str(caught.value)


@pytest.mark.parametrize("file", ["none", "/dev/zero", "."])
def test_a_token_file_that_is_no_file_is_said(tmp_path: Path, file: str) -> None:
    with pytest.raises(CredentialsError, match="cannot be read"):
        find_credentials({}, token_file=tmp_path / file)


def test_doctls_active_context_is_used(tmp_path: Path) -> None:
    found = find_credentials(contexts(tmp_path))
    assert found.token.reveal() == OTHER
    assert found.context == "work"


def test_the_token_of_the_default_context_stands_at_the_top_of_the_file(tmp_path: Path) -> None:
    found = find_credentials({**contexts(tmp_path), "DIGITALOCEAN_CONTEXT": "default"})
    assert found.token.reveal() == ONE


def test_an_explicit_token_beats_a_context_and_says_so(tmp_path: Path) -> None:
    found = find_credentials({**contexts(tmp_path), "DIGITALOCEAN_TOKEN": THIRD, "DIGITALOCEAN_CONTEXT": "work"})
    assert found.token.reveal() == THIRD
    assert "DIGITALOCEAN_CONTEXT=work was not used" in found.notes[0]


def test_an_explicit_context_beats_the_environment_and_says_so(tmp_path: Path) -> None:
    found = find_credentials({**contexts(tmp_path), "DIGITALOCEAN_TOKEN": THIRD}, context="WORK")
    assert found.token.reveal() == OTHER
    assert "DIGITALOCEAN_TOKEN was not used" in found.notes[0]


def test_an_unknown_context_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(NoTokenError, match="it has: default, work"):
        find_credentials(contexts(tmp_path), context="play")


@pytest.mark.parametrize("text", ["a: [", "- a\n- b", "", "access-token: 7", "\x00"])
def test_a_file_of_doctl_that_makes_no_sense_gives_one_clear_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(Exception, match=r"doctl|token") as caught:
        find_credentials(doctl(tmp_path, text))
    assert type(caught.value).__name__ in ("NoTokenError", "ConfigError")


def test_nothing_anywhere_names_every_place(tmp_path: Path) -> None:
    with pytest.raises(NoTokenError) as caught:
        find_credentials({"HOME": str(tmp_path)})
    for place in ("DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN", str(tmp_path / ".config/doctl/config.yaml")):
        assert place in str(caught.value)


def test_a_relative_folder_is_not_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trap = tmp_path / "here" / "doctl"
    trap.mkdir(parents=True)
    (trap / "config.yaml").write_text(f"access-token: {ONE}\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NoTokenError):
        find_credentials({"HOME": str(tmp_path), "XDG_CONFIG_HOME": "here"})
