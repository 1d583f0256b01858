"""The help: every key, sign and form of the language, in whole words at every width."""

import pytest

from snaptui.query import SYNTAX
from snaptui.text.lines import Line, width_of
from snaptui.tui.browse.commands import COMMANDS
from snaptui.tui.browse.signs import NOTABLE
from snaptui.tui.dialogs.help import block_lines, key_blocks, query_lines, sign_block


def words(lines: list[Line]) -> str:
    return " ".join(" ".join("".join(piece.text for piece in line).split()) for line in lines)


@pytest.mark.parametrize("width", [*range(40, 60), 80, 120, 200, 300])
def test_no_line_is_cut_at_any_width(width: int) -> None:
    lines = [*block_lines([*key_blocks(COMMANDS), sign_block()], width), *query_lines(width)]
    assert max(map(width_of, lines)) <= width
    assert "…" not in words(lines)


@pytest.mark.parametrize("width", [40, 80])
def test_every_key_sign_and_example_is_there_with_its_meaning(width: int) -> None:
    said = words([*block_lines([*key_blocks(COMMANDS), sign_block()], width), *query_lines(width)])
    for command in COMMANDS:
        assert f" {command.printed} {command.help}" in said
    for sign in NOTABLE:
        assert f"{sign.piece.text} {sign.meaning}" in said
    for example, meaning in SYNTAX:
        assert f"{example} {meaning}" in said


def test_a_wide_terminal_shows_columns_and_needs_fewer_lines() -> None:
    heights = [len(block_lines([*key_blocks(COMMANDS), sign_block()], width)) for width in (80, 120, 200)]
    assert heights[0] > heights[1] > heights[2]
