"""At most two frames are on their way, whatever the terminal answers, and when."""

from snaptui.terminal.flow import PATIENCE_SECONDS, STALL_SECONDS, Flow

PLACE, OTHER = (20, 5), (3, 7)


def _answering() -> Flow:
    flow = Flow()
    flow.ask(0.0, None, is_frame=False)
    assert flow.answer(0.0, PLACE) is not None
    return flow


def test_two_frames_may_be_unanswered_but_not_three() -> None:
    flow = Flow()
    for _ in range(2):
        assert flow.may_draw(0.0)
        flow.ask(0.0, PLACE, is_frame=True)
    assert not flow.may_draw(60.0)


def test_a_question_without_a_frame_holds_nothing_up() -> None:
    flow = Flow()
    for _ in range(5):
        flow.ask(0.0, PLACE, is_frame=False)
    assert flow.may_draw(0.0)


def test_an_answer_makes_room_for_a_frame_and_tells_the_round_trip() -> None:
    flow = Flow()
    first = flow.ask(1.0, PLACE, is_frame=True)
    flow.ask(1.5, PLACE, is_frame=True)
    answer = flow.answer(1.75, PLACE)
    assert answer is not None
    assert (answer.number, answer.round_trip_seconds, answer.misplaced) == (first, 0.75, False)
    assert flow.may_draw(2.0)


def test_two_frames_are_spread_over_the_time_of_a_round_trip() -> None:
    flow = Flow()
    flow.ask(0.0, PLACE, is_frame=True)
    flow.answer(0.5, PLACE)
    assert flow.may_draw(1.0)
    flow.ask(1.0, PLACE, is_frame=True)
    assert not flow.may_draw(1.2)
    assert flow.wake_at(1.2) == 1.25
    assert flow.may_draw(1.25)
    flow.ask(1.25, PLACE, is_frame=True)
    assert not flow.may_draw(1.4)
    assert flow.wake_at(1.4) == 1.0 + STALL_SECONDS


def test_a_terminal_that_never_answers_is_not_waited_for_after_two_seconds() -> None:
    flow = Flow()
    flow.ask(0.0, PLACE, is_frame=True)
    flow.ask(0.0, PLACE, is_frame=True)
    assert not flow.give_up(PATIENCE_SECONDS - 0.01)
    assert flow.give_up(PATIENCE_SECONDS)
    assert flow.may_draw(PATIENCE_SECONDS)
    assert not flow.on
    assert flow.wake_at(PATIENCE_SECONDS) is None


def test_an_answer_that_comes_after_all_turns_waiting_on_again() -> None:
    flow = Flow()
    flow.ask(0.0, PLACE, is_frame=True)
    flow.give_up(PATIENCE_SECONDS)
    assert flow.answer(5.0, PLACE) is not None
    assert flow.on


def test_a_terminal_that_has_answered_has_longer_and_two_more_frames_then() -> None:
    flow = _answering()
    for _ in range(2):
        flow.ask(1.0, PLACE, is_frame=True)
    assert not flow.give_up(1.0 + PATIENCE_SECONDS)
    assert not flow.may_draw(1.0 + PATIENCE_SECONDS)
    assert flow.give_up(1.0 + STALL_SECONDS)
    assert flow.on
    assert flow.may_draw(1.0 + STALL_SECONDS)


def test_an_answer_from_elsewhere_says_so() -> None:
    flow = Flow()
    flow.ask(0.0, PLACE, is_frame=True)
    answer = flow.answer(0.1, OTHER)
    assert answer is not None
    assert answer.misplaced


def test_a_lost_answer_is_taken_for_given_when_a_later_one_comes() -> None:
    flow = Flow()
    flow.ask(0.0, PLACE, is_frame=True)
    second = flow.ask(0.0, OTHER, is_frame=True)
    answer = flow.answer(0.1, OTHER)
    assert answer is not None
    assert (answer.number, answer.misplaced) == (second, False)
    assert not flow.owes_answers


def test_after_a_resize_any_place_will_do() -> None:
    flow = Flow()
    flow.ask(0.0, PLACE, is_frame=True)
    flow.forget_places()
    answer = flow.answer(0.1, OTHER)
    assert answer is not None
    assert not answer.misplaced


def test_what_looks_like_an_answer_but_fits_no_question_is_not_that_to_a_question_at_a_place_of_its_own() -> None:
    flow = Flow()
    flow.ask(0.0, PLACE, is_frame=False)
    assert flow.answer(0.1, OTHER) is None
    assert flow.owes_answers


def test_nobody_answers_what_was_not_asked() -> None:
    assert Flow().answer(0.0, PLACE) is None


def test_a_free_place_is_one_that_no_other_question_has() -> None:
    flow = Flow()
    assert flow.free_place(10, 4) == (9, 3)
    flow.ask(0.0, (9, 3), is_frame=True)
    assert flow.free_place(10, 4) == (8, 3)
