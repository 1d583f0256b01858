import pytest
from textual.binding import Binding

from snaptui.tui.keys.command import Command, Commands, Group


def _asleep(state: bool) -> str | None:
    return "it sleeps" if state else None


def commands() -> Commands[list[str], bool]:
    return Commands(
        Command("w,ctrl+w", lambda said: said.append("woke"), "wake", Group.LOOK, obstacle=_asleep),
        Command("[", lambda said: said.append("back"), "go back", Group.MOVE),
    )


def test_a_command_is_run_by_its_first_key() -> None:
    said: list[str] = []
    assert commands().run("[", said, True) is None
    assert said == ["back"]


def test_a_command_that_cannot_work_now_says_why_and_does_nothing() -> None:
    said: list[str] = []
    assert commands().run("w", said, True) == "it sleeps"
    assert said == []
    assert commands().run("w", said, False) is None
    assert said == ["woke"]


def test_two_commands_cannot_have_a_key_in_common() -> None:
    with pytest.raises(ValueError, match=r"more than one command for ctrl\+w"):
        Commands(*commands(), Command("q,ctrl+w", list.clear, "clear", Group.MOVE))


def test_each_command_is_bound_to_all_its_keys() -> None:
    bound = [binding for binding in commands().bindings if isinstance(binding, Binding)]
    assert [(binding.key, binding.action) for binding in bound] == [
        ("w,ctrl+w", "command('w')"),
        ("[", "command('[')"),
    ]


def test_keys_are_printed_as_they_stand_on_a_keyboard() -> None:
    names = Command("pagedown,ctrl+f,],escape", list.clear, "", Group.MOVE).printed
    assert names == "PgDn ^f ] Esc"
