"""A review tells what is known and what is not of its own moment, in the heading and beside each victim."""

import pytest
from msgspec.structs import replace

from snaptui.deletion.guards import Guards
from snaptui.deletion.plan import Plan
from snaptui.deletion.rule_problems import RuleProblems
from snaptui.model.account import Account
from snaptui.model.coverage import Coverage, MissingPage
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import SourceList, Sources
from snaptui.model.token import Token
from snaptui.query import parse
from snaptui.text.lines import Line
from snaptui.tui.browse.connection import Connection
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.browse.steps import showing, view_with
from snaptui.tui.review.victims import VictimLines
from snaptui.tui.review.words import Review, cautions, heading_lines, rows_needed

DAY = 86_400.0
NOW = 1.7e9
READ = SourceList({"7": "db"}, None)
TOKEN = "dop_v1_" + "0123456789abcdef" * 4


def plain(lines: list[Line]) -> list[str]:
    return ["".join(piece.text for piece in line) for line in lines]


def aged(number: int, days: float | None, **changes: object) -> Snapshot:
    created = None if days is None else NOW - days * DAY
    return replace(Snapshot(str(number), "web", None, created, ("nyc1",), 25, 2.5, "7", "volume", ()), **changes)


def plan_of(*items: Snapshot, account: Account | None = None, hidden: int = 0) -> Plan:
    return Plan("p", NOW, "https://api.example", account, "", items, hidden)


def state_of(*rows: Snapshot, **changes: object) -> BrowseState:
    state = BrowseState(
        now=NOW, sources=Sources(READ, READ), autoscale_images=frozenset(), coverage=Coverage(finished=True)
    )
    known = replace(state, **changes)
    return showing(known, view_with(known, rows)) if rows else known


ACCOUNT = Account("u", "ops@example.com", "active", "t", "Acme")
TWO = (aged(1, 10), aged(2, 20))


def calm(*items: Snapshot) -> Review:
    """A review in which everything is known."""
    return replace(Review.of(plan_of(*items, account=ACCOUNT), state_of(*items)), warnings={})


def test_a_review_in_which_everything_is_known_cautions_of_nothing() -> None:
    review = calm(*TWO)
    assert cautions(review) == []
    assert rows_needed(review, 200) == 1 + 2


def test_everything_that_is_not_known_is_said_in_order() -> None:
    state = state_of(
        coverage=Coverage(finished=True, total=9, received=2, missing=(MissingPage(2, "timeout"),)),
        sources=Sources(READ, SourceList({}, "needs volume:read")),
        autoscale_images=None,
        connection=Connection(account_asked=True),
    )
    items = (*TWO, aged(3, 3), aged(4, 4))
    review = replace(
        Review.of(plan_of(*items, hidden=1_200), state),
        rules=RuleProblems(unjudged=("state:gone: 2 could not be judged", "is:latest: 1 could not be judged")),
        warnings={"1": ("one",), "2": ("two", "three")},
    )
    assert cautions(review) == [
        "account not proven: it could not be read",
        "incomplete: 2 of 9 snapshots; page 2 missing (timeout); there may be more copies",
        "whether a source is gone is not known: needs volume:read",
        "protect state:gone: 2 could not be judged",
        "protect is:latest: 1 could not be judged",
        "whether autoscale pools use any of them could not be read",
        "2 of them with warnings, listed first",
        "1,200 of them hidden by the filter",
    ]
    assert rows_needed(review, 200) == 1 + 8 + 3
    said = plain(heading_lines(review, 200, 24))
    assert said[-8:] == [f" ! {text}" for text in cautions(review)]


def test_what_has_not_been_asked_yet_is_told_from_what_could_not_be_read() -> None:
    state = state_of(coverage=Coverage(), connection=Connection(account_asked=False))
    review = Review.of(plan_of(*TWO), state)
    assert cautions(review)[:2] == [
        "account not proven: not read yet",
        "the list is still loading; there may be more copies",
    ]


def test_problems_of_several_sources_are_said_once_each() -> None:
    sources = Sources(SourceList({}, "needs droplet:read"), SourceList({}, "needs volume:read"))
    items = (aged(1, 1), aged(2, 2), aged(3, 3, resource_type="droplet"))
    review = Review.of(plan_of(*items), state_of(sources=sources))
    assert review.sources_unknown == "needs volume:read; needs droplet:read"


def test_a_review_is_of_the_list_the_rules_and_the_number_of_its_moment() -> None:
    guards = Guards(protect=(parse("name:nowhere"), parse("tag:keep")), max_batch=7)
    rows = (*TWO, aged(9, 5, tags=("keep",), resource_id="8"))
    connection = Connection(api_host="api.example")
    state = state_of(*rows, guards=guards, connection=connection, usd_per_gb_month=0.1)
    review = Review.of(plan_of(*rows[:2]), state)
    assert review.max_batch == 7
    assert review.connection is connection
    assert review.terms == state.terms
    assert review.rules.idle == ("name:nowhere matches nothing",)
    assert not review.pools_unknown
    assert (review.shortfall, review.sources_unknown) == ("", "")
    assert set(review.warnings) == {"1", "2"}, "both copies of their source go"


def warned_of(row: Snapshot, **known: object) -> tuple[str, ...]:
    return tuple(Review.of(plan_of(row), state_of(row, aged(90, 90), **known)).warnings.get(row.id, ()))


@pytest.mark.parametrize(
    ("row", "known", "said"),
    [
        (aged(1, 10), {"autoscale_images": frozenset({"1"})}, "autoscale pool starts droplets from it"),
        (aged(1, 10, tags=("ke-ep",)), {"guards": Guards(protect=(parse("tag:keep"),))}, "nearly the protected"),
        (aged(1, 10, resource_id="8", name="db"), {}, "LAST COPY"),
        (aged(1, 0.5), {}, "less than a day ago"),
    ],
)
def test_rows_are_warned_of_by_all_that_the_state_knows(row: Snapshot, known: dict[str, object], said: str) -> None:
    assert any(said in text for text in warned_of(row, **known))
    assert not any(said in text for text in warned_of(aged(1, 10)))


def test_the_heading_says_what_goes_from_where_and_how_much_it_is() -> None:
    review = replace(
        calm(*TWO),
        connection=Connection(api_host="api.example", token=Token(TOKEN)),
        rules=RuleProblems(idle=("a matches nothing", "b matches nothing")),
    )
    assert plain(heading_lines(review, 200, 24)) == [
        f" Delete 2 snapshots from {ACCOUNT.label} · dop_v1_…cdef · api.example",
        " saves 5.0 GB · $0.30/mo · oldest 20 days, newest 10 days",
        " 2 volumes · 2 nyc1",
        " protect: a matches nothing; b matches nothing",
    ]


def test_what_is_not_known_stands_out_and_only_that() -> None:
    idle = RuleProblems(idle=("a matches nothing",))
    review = replace(
        Review.of(plan_of(aged(1, 10), aged(2, None)), state_of()),
        connection=Connection(api_host="api.example", token=Token(TOKEN)),
        rules=idle,
    )
    roles = {piece.text.strip(): piece.role for text in heading_lines(review, 200, 24) for piece in text}
    assert roles["Delete 2 snapshots"] == "bad"
    assert roles["from an account that is not proven"] == "strong"
    assert {roles[text] for text in (review.connection.api_host, "dop_v1_…cdef", "protect: a matches nothing")} == {
        "dim"
    }
    doubts = {text for text, role in roles.items() if role == "warn"}
    assert doubts == {"1 of unknown age", *(f"! {text}" for text in cautions(review))}


def test_without_an_account_or_a_token_the_heading_says_so() -> None:
    review = replace(Review.of(plan_of(TWO[0]), state_of()), connection=Connection(api_host="x\x1b"))
    assert plain(heading_lines(review, 200, 24))[0] == (
        " Delete 1 snapshot from an account that is not proven · no token · x␛"
    )


def test_the_sums_give_way_to_names_but_cautions_do_not() -> None:
    review = replace(Review.of(plan_of(*TWO, hidden=1), state_of()), warnings={})
    needed = rows_needed(review, 200)
    heights = {rows: len(heading_lines(review, 200, rows)) for rows in range(needed - 2, needed + 4)}
    least = 1 + len(cautions(review))
    assert heights == {
        needed - 2: least,
        needed - 1: least,
        needed: least,
        needed + 1: least + 1,
        needed + 2: least + 2,
        needed + 3: least + 2,
    }


def test_the_heading_is_cut_to_the_terminal() -> None:
    assert all(len(text) <= 40 for text in plain(heading_lines(calm(*TWO), 40, 24)))


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((20.0, 20.0), "20 days old"),
        ((30.0, 20.0, 25.0), "oldest 30 days, newest 20 days"),
        ((20.0, None, None), "20 days old, 2 of unknown age"),
        ((None,), "1 of unknown age"),
    ],
)
def test_ages_are_the_oldest_the_newest_and_those_not_known(days: tuple[float | None, ...], said: str) -> None:
    review = calm(*(aged(number, each) for number, each in enumerate(days)))
    assert plain(heading_lines(review, 200, 24))[1].endswith(f"/mo · {said}")


def test_what_is_of_unknown_size_is_said_beside_the_sum() -> None:
    review = calm(aged(1, 10), aged(2, 10, size_gigabytes=None))
    assert plain(heading_lines(review, 200, 24))[1].startswith(" saves 2.5 GB · $0.15/mo + 1 of unknown size · ")


def test_victims_with_warnings_come_first_each_with_its_own() -> None:
    items = tuple(aged(number, 10, name=f"web-{number}") for number in range(4))
    review = replace(calm(*items), warnings={"2": ("last copy", "in use"), "3": ("x" * 100,)})
    lines = list(VictimLines(review, 80))
    texts = plain(lines)
    assert [text[:7] for text in texts] == ["! web-2", "    las", "    in ", "! web-3", "    xxx", "  web-0", "  web-1"]
    assert texts[1:3] == ["    last copy", "    in use"]
    assert {piece.role for line in lines for piece in line if "last" in piece.text or piece.text == "! "} == {"warn"}
    assert max(map(len, texts)) <= 80
    assert len(texts[4]) == 80


def test_nothing_that_the_api_sent_acts_on_the_terminal() -> None:
    row = aged(1, 10, regions=("\x1b[2J",), resource_type="\x1b]0;", name="\x1b[31m", tags=("\x1b",))
    review = replace(
        Review.of(plan_of(row, account=Account("u", "\x1b@x", "active")), state_of(row)),
        shortfall="\x1b[1m",
        rules=RuleProblems(unjudged=("\x1b",)),
    )
    assert "\x1b" not in "".join(plain([*heading_lines(review, 200, 30), *VictimLines(review, 200)]))
