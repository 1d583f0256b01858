"""Random histories of plans, faults and second thoughts: what was confirmed, what was sent, what was recorded."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from snaptui.deletion.items import Outcome
from tests.chaos.history import STEPS, TROUBLES, History

FEW = 60
MUST_HAPPEN = (
    *(str(outcome) for outcome in Outcome),
    *(f"{thought} at {step}" for thought in ("cancel", "pause", "leave") for step in STEPS),
    "take back",
    "retry",
    "resume",
    "lost answer",
    "clock back",
    "clock ahead",
    "clock suspended",
    "full disk",
)


def live(seeds: range, folder: Path) -> Counter[str]:
    happened: Counter[str] = Counter()
    for seed in seeds:
        history = History(seed, folder)
        try:
            happened += asyncio.run(history.run())
        except AssertionError as error:
            raise AssertionError(f"history {seed}: {error}") from error
    return happened


def test_a_few_histories_have_all_that_they_claim(tmp_path: Path) -> None:
    happened = live(range(FEW), tmp_path)
    print(dict(happened))
    assert [what for what in (*MUST_HAPPEN, *TROUBLES) if not happened[what]] == []
    assert happened["batch"] > FEW


@pytest.mark.long
def test_many_histories(tmp_path: Path) -> None:
    live(range(FEW, 1_500), tmp_path)
