"""Stopped and continued by a shell; not stopped where nobody could continue it."""

import os
from collections.abc import Callable

from snaptui.demo.api import DEMO_TOKEN
from snaptui.demo.server import DemoServer

from .conftest import PROMPT, Open, picture

Serve = Callable[..., DemoServer]


def test_ctrl_z_gives_the_terminal_back_and_fg_draws_everything_again(shell: Open, serve: Serve) -> None:
    screen = shell("--api-url", serve().url, DIGITALOCEAN_TOKEN=DEMO_TOKEN)
    screen.until_text("✓ complete")
    screen.until_quiet()
    before = picture(screen)
    screen.send("\x1a")
    screen.until_text("Stopped")
    assert screen.written.rindex(b"\x1b[?1049l") > screen.written.rindex(b"\x1b[?1049h")
    screen.send("echo $((6*7)) noted\n")
    screen.until_text("42 noted")
    screen.send("fg\n")
    screen.until(lambda: picture(screen) == before)
    screen.press("j")
    screen.until(lambda: picture(screen) != before)
    screen.send("q")
    screen.until_text(PROMPT)
    screen.send("echo exit $?\n")
    screen.until_text("exit 0")


def test_a_shell_script_that_runs_it_is_stopped_with_it(shell: Open, command: str) -> None:
    screen = shell("--version")
    screen.send(f"sh -c '{command} --demo; echo over'\n")
    screen.until_text("✓ complete")
    screen.send("\x1a")
    screen.until_text("Stopped")
    screen.send("fg\n")
    screen.until(lambda: "Stopped" not in screen.text)
    screen.send("q")
    screen.until_text("over")


def test_ctrl_z_is_refused_where_it_is_the_first_program_of_the_terminal(terminal: Open) -> None:
    screen = terminal("--demo")
    screen.until_text("✓ complete")
    screen.send("\x1a")
    screen.until_text("it is the first program of this terminal: no shell could continue it")
    assert os.waitpid(screen.process.pid, os.WNOHANG | os.WUNTRACED) == (0, 0)
    screen.send("q")
    assert screen.end() == 0


def test_ctrl_z_is_refused_where_the_shell_that_started_it_has_no_job_control(shell: Open, command: str) -> None:
    screen = shell("--version")
    screen.send(f"exec sh -c '{command} --demo; true'\n")
    screen.until_text("✓ complete")
    screen.send("\x1a")
    screen.until_text("no shell with job control started it: nobody could continue it")
    screen.send("q")
    screen.end()
