"""Review of a plan in the line-oriented browser: what speaks against it, and what has to be typed to confirm it."""

from typing import Final

from snaptui.cli import plain_words
from snaptui.cli.opened import Opened
from snaptui.cli.plain_lines import Lines
from snaptui.deletion.guards import Guards
from snaptui.deletion.plan import Plan
from snaptui.deletion.warnings import warnings_for

LARGE_PHRASE: Final = "delete them all"


class PlainReview:
    """Review that is printed, then answered question by question."""

    def __init__(self, opened: Opened, lines: Lines, guards: Guards) -> None:
        self._opened = opened
        self._lines = lines
        self._guards = guards

    async def confirmed(self, plan: Plan) -> bool:
        """Return whether every answer was typed, after everything that speaks against it was said."""
        images = self._opened.listing.autoscale_images
        sources = self._opened.listing.sources
        snapshots, rules = self._opened.snapshots, self._guards.protect
        warnings = warnings_for(plan.items, snapshots, sources, images, self._opened.now, rules)
        print(plain_words.review(plan, warnings, self._cautions(plan), snapshots.usd_per_gb_month))
        for question, answer in self._questions(plan):
            if await self._lines.ask_seriously(question) != answer:
                print("Nothing was deleted.")
                return False
        return True

    def _cautions(self, plan: Plan) -> list[str]:
        listing, cautions = self._opened.listing, []
        if listing.coverage.shortfall:
            cautions.append(f"the list is incomplete: {listing.coverage.shortfall}")
        if listing.autoscale_images is None:
            cautions.append("whether autoscale pools use any of them could not be read")
        if plan.hidden_by_filter:
            cautions.append(f"{plan.hidden_by_filter} of them are not in the list shown")
        return cautions

    def _questions(self, plan: Plan) -> list[tuple[str, str]]:
        wanted = str(len(plan.items))
        questions = [(f"There is no undo after the grace time. Type {wanted} to delete: ", wanted)]
        if plan.account is None:
            questions.append(("Whose account it is, is not proven. Type not proven to go on: ", "not proven"))
        if len(plan.items) > self._guards.max_batch:
            questions.append((f"So many? Then type {LARGE_PHRASE}: ", LARGE_PHRASE))
        return questions
