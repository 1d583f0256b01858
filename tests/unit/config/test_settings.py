from pathlib import Path

import pytest

from snaptui.config.settings import ConfigError, load

OVER_SSH = {"SSH_CONNECTION": "192.0.2.1 50022 192.0.2.2 22"}


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text)
    return path


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    settings = load(tmp_path / "none.toml", {})
    assert settings.read_only.value is False
    assert [str(query) for query in settings.protect.value] == ["tag:keep", "tag:protected"]
    assert settings.max_batch.value == 100
    assert settings.grace_seconds.value == 10


def test_a_flag_beats_the_environment_which_beats_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, 'api_url = "https://file"\nread_only = false\n')
    environment = {"DIGITALOCEAN_API_URL": "https://environment"}
    assert load(path, {}).api_url.value == "https://file"
    assert load(path, environment).api_url.origin == "DIGITALOCEAN_API_URL"
    settings = load(path, environment, api_url="https://flag", read_only=True)
    assert (settings.api_url.value, settings.read_only.value) == ("https://flag", True)
    assert settings.read_only.origin == "--read-only"


def test_values_of_the_file_are_used(tmp_path: Path) -> None:
    path = written(
        tmp_path, 'protect = ["name:golden-*"]\ngrace_seconds = 3\nprice_per_gb_month = 0.05\nmax_batch = 7\n'
    )
    settings = load(path, {})
    assert str(settings.protect.value[0]) == "name:golden-*"
    assert (settings.grace_seconds.value, settings.price_per_gb_month.value, settings.max_batch.value) == (3, 0.05, 7)
    assert settings.max_batch.origin == str(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour = 1", "colour"),
        ('read_only = "yes"', "read_only"),
        ("max_batch = 0", "max_batch"),
        ("grace_seconds = -1", "grace_seconds"),
        ("protect = 7", "protect"),
        ('protect = ["regoin:x"]', "did you mean region?"),
        ('protect = [""]', "would protect everything"),
        ("read_only =", "not valid TOML"),
        ("a = '\x00'", "not valid TOML"),
        ("max_batch = " + "9" * 5_000, "too many digits"),
        ("protect = " + "[" * 50_000, "nested too deeply"),
        ("a" + ".a" * 50_000 + " = 1", "more than 1,000 dots"),
        ("a" + ".a" * 900 + " = 1", "there is no setting `a`"),
        ("a" * 90_000 + " = 1", "The settings are api_url"),
        ('max_batch = "x"', "max_batch: it takes a whole number, got text. The settings are api_url"),
        ("mouse = 1", "mouse: it takes true or false, got a whole number"),
        ("protect = [1]", "protect[0]: it takes text, got a whole number"),
        ("policies = 3", "policies: it takes a table, got a whole number"),
        ("grace_seconds = -1", "grace_seconds: it takes a number >= 0.0"),
        ("[audit]\nnewset = 3", "audit: there is no setting `newset`. The settings of the audit are newest,"),
        ("[audit]\nnewest = true", "audit.newest: it takes a whole number, got true or false"),
        ("[policies.a]\ndaly = 3", "policies: there is no setting `daly`. The settings of a policy are last, hourly,"),
        ("[policies.a]\nlast = 1.5", "policies.last: it takes a whole number or text, got a number"),
        ("#" * 256_001, "larger than 256 kB"),
    ],
)
def test_a_bad_setting_says_where_what_and_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load(path, {})
    assert str(path) in str(caught.value)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 600 + len(str(path))


def test_where_there_can_be_no_file_nothing_is_set(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert load(tmp_path / "file" / "config.toml", {}) == load(tmp_path / "config.toml", {})


def test_a_folder_in_the_files_place_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="it is a folder"):
        load(tmp_path, {})


def test_a_link_that_leads_nowhere_is_not_a_file_without_settings(tmp_path: Path) -> None:
    (tmp_path / "config.toml").symlink_to("dotfiles/config.toml")
    (tmp_path / "folder").symlink_to("dotfiles")
    for path in (tmp_path / "config.toml", tmp_path / "folder" / "config.toml"):
        with pytest.raises(ConfigError, match="leads nowhere"):
            load(path, {})


@pytest.mark.parametrize(
    ("text", "environment", "flag", "value", "origin"),
    [
        ("", {}, None, True, "default"),
        ("", OVER_SSH, None, False, "SSH_CONNECTION"),
        ("mouse = true", OVER_SSH, None, True, "config.toml"),
        ("mouse = false", {}, None, False, "config.toml"),
        ("mouse = false", OVER_SSH, True, True, "--mouse"),
        ("mouse = true", {}, False, False, "--no-mouse"),
    ],
)
def test_the_mouse_is_off_over_ssh_unless_the_file_or_before_it_the_flag_says_otherwise(
    tmp_path: Path, text: str, environment: dict[str, str], flag: bool | None, value: bool, origin: str
) -> None:
    mouse = load(written(tmp_path, text), environment, mouse=flag).mouse
    assert (mouse.value, Path(mouse.origin).name) == (value, origin)
