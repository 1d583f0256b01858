"""The questions of a review: the number first, and words where a number is not enough."""

from msgspec.structs import replace

from snaptui.tui.browse.state import BrowseState
from snaptui.tui.review.questions import Question, questions
from snaptui.tui.review.words import Review
from tests.support.deleting import OURS, plan_of, snapshot

NUMBER = Question("", "  No undo. To delete, type 3 and press Enter: ", " Type 3, Enter: ", "3", r"[0-9]{0,20}")
MANY = Question(
    "more than max_batch (2) at once",
    "  All 3? Then type delete them all: ",
    " Type delete them all: ",
    "delete them all",
)
UNPROVEN = Question(
    "the account is not proven: the token may belong to another one than you think",
    "  In whatever account? Then type unproven account: ",
    " Type unproven account: ",
    "unproven account",
)


def review_of(max_batch: int, *, proven: bool = True) -> Review:
    plan = plan_of([snapshot(str(n)) for n in range(3)], account=OURS if proven else None)
    return replace(Review.of(plan, BrowseState(now=9.0)), max_batch=max_batch)


def test_up_to_max_batch_the_number_is_enough() -> None:
    assert list(questions(review_of(3))) == [NUMBER]


def test_more_than_max_batch_takes_words_as_well() -> None:
    assert list(questions(review_of(2))) == [NUMBER, MANY]
    assert [question.why for question in questions(review_of(1))] == ["", "more than max_batch (1) at once"]


def test_an_account_that_is_not_proven_takes_words_of_its_own() -> None:
    assert list(questions(review_of(3, proven=False))) == [NUMBER, UNPROVEN]
    assert list(questions(review_of(2, proven=False))) == [NUMBER, MANY, UNPROVEN]
