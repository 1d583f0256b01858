"""Notices where there are no rows: why, and what to do next."""

import pytest
from msgspec.structs import replace

from snaptui.digitalocean.api import errors
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.coverage import Coverage, MissingPage
from snaptui.model.token import Token
from snaptui.tui.browse.connection import Connection
from snaptui.tui.browse.notices import notice
from snaptui.tui.browse.state import BrowseState
from tests.unit.audit.rows import row

CONNECTION = Connection(token=Token("dop_v1_" + "f" * 64), api_host="api.example.com")
EMPTY = BrowseState(connection=CONNECTION)


def said(state: BrowseState) -> list[str]:
    return ["".join(piece.text for piece in line) for line in notice(state)]


def test_without_a_token_it_says_how_to_give_one() -> None:
    assert said(BrowseState())[0] == "No token"
    assert "Press T" in said(BrowseState())[-1]


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (errors.NotAuthenticatedError("no"), "The token was not accepted"),
        (errors.NotPermittedError("no"), "The token may not read snapshots"),
        (errors.RateLimitedError("no"), "The rate limit is used up"),
        (errors.ConnectionFailedError("no", sent=False), "api.example.com cannot be reached"),
        (errors.ServerError("no"), "The list could not be loaded"),
    ],
)
def test_each_failure_has_a_title_of_its_own_and_a_way_on(error: errors.ApiError, title: str) -> None:
    lines = said(replace(EMPTY, error=error))
    assert lines[0] == title
    assert "R tries again" in lines[-1]


def test_an_empty_list_says_whether_it_is_loading_whole_or_incomplete() -> None:
    assert said(EMPTY)[0] == "Loading …"
    whole = replace(EMPTY, coverage=Coverage(total=0, finished=True))
    assert said(whole)[0] == "This account has no snapshots"
    missing = Coverage(total=9, finished=True, missing=(MissingPage(1, "500"),))
    lines = said(replace(EMPTY, coverage=missing))
    assert "incomplete" in lines[0]
    assert "page 1 missing (500)" in lines[1]


def test_a_filter_that_hides_all_says_so_and_how_many_could_not_be_judged() -> None:
    listed = EMPTY.holding(Snapshots((row("1", tags=None), row("2", tags=("web",)))))
    assert said(listed.filtered_by("name:=zzz"))[0] == "No snapshot matches the filter"
    unsure = said(listed.filtered_by("tag:prod"))
    assert unsure[0] == "No snapshot is known to match the filter"
    assert "1 of 2 could not be judged" in unsure[1]


def test_a_saved_listing_needs_no_token() -> None:
    saved = BrowseState(connection=Connection(saved=1.0), coverage=Coverage(finished=True))
    assert said(saved)[0] == "The account had no snapshots when this was saved"
    nothing = saved.holding(Snapshots((row("1"),))).filtered_by("nowhere")
    assert said(nothing)[0] == "No snapshot matches the filter"
    part = Coverage(finished=True, missing=(MissingPage(2, "404"),))
    assert "R tries again" not in " ".join(said(replace(saved, coverage=part)))


def test_what_a_saved_file_says_is_drawn_inert() -> None:
    coverage = Coverage(finished=True, missing=(MissingPage(2, "\x1b[2J\u202e"),))
    lines = said(BrowseState(connection=Connection(saved=1.0), coverage=coverage))
    assert lines[0] == "Nothing to show, and the list is incomplete"
    assert all(line.isprintable() for line in lines)
