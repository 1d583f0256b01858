"""Questions of the review: each reason to ask, and the only answer that goes on."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from snaptui.tui.review.words import Review

MANY: Final = "delete them all"
UNPROVEN: Final = "unproven account"


class Question(Struct, frozen=True):
    """One question: why it is asked, in many words or few, and the only answer that goes on.

    `letters` is the regular expression of what the field takes.
    """

    why: str
    long: str
    short: str
    answer: str
    letters: str | None = None


def questions(review: Review) -> Iterable[Question]:
    """Return the questions about a plan: its number; other words above `max_batch` and for an unproven account."""
    number = str(len(review.plan.items))
    yield Question(
        "",
        f"  No undo. To delete, type {number} and press Enter: ",
        f" Type {number}, Enter: ",
        number,
        r"[0-9]{0,20}",
    )
    if len(review.plan.items) > review.max_batch:
        why = f"more than max_batch ({review.max_batch:,}) at once"
        yield Question(why, f"  All {number}? Then type {MANY}: ", f" Type {MANY}: ", MANY)
    if review.plan.account is None:
        why = "the account is not proven: the token may belong to another one than you think"
        yield Question(why, f"  In whatever account? Then type {UNPROVEN}: ", f" Type {UNPROVEN}: ", UNPROVEN)
