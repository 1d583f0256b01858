"""Bursts are told from keys that were meant, and a key from the end of a pasted line."""

from textual.events import Key

from snaptui.terminal.typed import Stroke
from snaptui.tui.keys.paste_guard import BURST_SECONDS, REST_SECONDS, KeyGuard, without


def test_four_different_characters_at_once_are_a_burst() -> None:
    assert KeyGuard().burst([Stroke(1.0, "abcd")]) == 4
    assert KeyGuard().burst([Stroke(1.0, "ab"), Stroke(1.02, "cd")]) == 4


def test_thirty_milliseconds_are_at_once_and_a_moment_more_is_not() -> None:
    assert KeyGuard().burst([Stroke(0.0, "abc"), Stroke(BURST_SECONDS, "d")]) == 4
    assert KeyGuard().burst([Stroke(0.0, "abc"), Stroke(BURST_SECONDS + 0.001, "d")]) == 0


def test_three_characters_that_come_one_by_one_are_none() -> None:
    assert KeyGuard().burst([Stroke(1.0, "a"), Stroke(1.0, "b"), Stroke(1.0, "c")]) == 0


def test_three_characters_or_a_held_key_are_none() -> None:
    assert KeyGuard().burst([Stroke(1.0, "abc")]) == 0
    assert KeyGuard().burst([Stroke(1.0, "j" * 300)]) == 0


def test_characters_with_pauses_between_them_are_none() -> None:
    assert KeyGuard().burst([Stroke(1.0 + n / 10, letter) for n, letter in enumerate("abcdef")]) == 0


def test_a_slash_leads_to_a_text_field_but_not_in_the_middle_of_a_burst() -> None:
    guard = KeyGuard()
    assert guard.burst([Stroke(1.0, "/web")]) == 0
    assert guard.burst([Stroke(2.0, "my-d"), Stroke(2.1, "/aily")]) == 9
    assert guard.burst([Stroke(2.2, "/a")]) == 2


def test_a_burst_ends_with_a_pause() -> None:
    guard = KeyGuard()
    assert guard.burst([Stroke(1.0, "abcd"), Stroke(1.2, "e"), Stroke(1.6, "f")]) == 5
    assert guard.burst([Stroke(1.6, "f")]) == 0


def test_a_rest_of_just_as_long_as_a_pause_is_none() -> None:
    guard = KeyGuard()
    assert guard.burst([Stroke(0.0, "abcd"), Stroke(REST_SECONDS, "e")]) == 5


def test_a_burst_goes_on_up_to_the_very_end_of_its_rest() -> None:
    guard = KeyGuard()
    assert guard.burst([Stroke(0.0, "abcd")]) == 4
    assert guard.burst([Stroke(REST_SECONDS, "e")]) == 1


def test_a_new_burst_counts_what_it_drops_from_the_beginning() -> None:
    guard = KeyGuard()
    assert guard.dropped == 0
    guard.burst([Stroke(0.0, "abcd")])
    guard.dropped = 4
    guard.burst([Stroke(0.1, "e")])
    assert guard.dropped == 4
    guard.burst([Stroke(9.0, "abcd")])
    assert guard.dropped == 0


def test_what_follows_a_burst_at_once_belongs_to_it() -> None:
    guard = KeyGuard()
    assert guard.burst([Stroke(1.0, "abcd")]) == 4
    assert guard.burst([Stroke(1.25, "e")]) == 1


def test_a_key_of_the_same_packet_is_told_from_one_that_was_pressed() -> None:
    guard, enter = KeyGuard(), Key("enter", "\r")
    for moment, together in ((1.0, True), (1.005, True), (1.02, True), (1.05, False)):
        guard.typed(1.0)
        enter.time = moment
        assert guard.came_with_text(enter) is together


def test_what_is_left_after_some_characters_keeps_its_moments() -> None:
    assert without([Stroke(1.0, "ab"), Stroke(2.0, "cd")], 3) == [Stroke(2.0, "d")]
