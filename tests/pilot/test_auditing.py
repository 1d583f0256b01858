"""Audits and the keep policy on the screen, with real keys and real HTTP."""

import json
import stat
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from textual.widget import Widget

from snaptui.config.settings import Settings, Sourced
from snaptui.deletion.journal import Journal
from snaptui.demo.api import ALL_SCOPES, DEMO_TOKEN
from snaptui.digitalocean.process.remote import RemoteClient
from snaptui.model.token import Token
from snaptui.report.saved import SavedListing
from snaptui.tui.app import SnaptuiApp
from snaptui.tui.audit.screen import AuditScreen
from snaptui.tui.planner.screen import PlannerScreen
from snaptui.tui.planner.state import FIELDS
from snaptui.tui.review.screen import ReviewDeletionScreen
from snaptui.tui.session import Session
from tests.contract.test_cli import LIST, Serve, run
from tests.pilot.conftest import Browse, Browser
from tests.support.faults import Fault

SIZES = [(80, 24), (120, 40), (200, 50), (40, 10)]


def line_of(browser: Browser, sign: str = "▸") -> str:
    return next((line for line in browser.text.splitlines() if line.startswith(sign)), "")


async def open_groups(browser: Browser) -> None:
    await browser.press("a")
    await browser.until(lambda: bool(line_of(browser)))


@pytest.mark.parametrize("size", SIZES)
async def test_the_dearest_group_comes_first_and_nothing_is_wider_than_the_screen(
    serve: Serve, browse: Browse, size: tuple[int, int]
) -> None:
    async with browse(serve(), size=size) as browser:
        await open_groups(browser)
        assert line_of(browser).startswith("▸  pg-d")
        for key in ("2", "5", "8", "tab"):
            await browser.press(key)
            await browser.until(lambda: bool(line_of(browser)))
        await browser.press("escape", "K")
        await browser.until(lambda: "keeps" in browser.text)
        assert max(map(len, browser.text.splitlines())) <= size[0]


async def test_enter_shows_exactly_the_rows_of_a_group_and_esc_comes_back_to_its_line(
    serve: Serve, browse: Browse
) -> None:
    async with browse(serve(), query="type:volume") as browser:
        await open_groups(browser)
        await browser.press("j", "j", "2")
        await browser.until(lambda: "SOURCE" in browser.text and bool(line_of(browser)))
        await browser.press("j", "j", "j")
        there = line_of(browser)
        await browser.press("enter")
        await browser.until(lambda: browser.shows_list)
        shown = len(browser.names)
        assert f" {shown:,} " in there
        assert browser.state.text.startswith("type:volume source:=")
        assert browser.state.text in browser.text
        await browser.press("escape")
        await browser.until(lambda: isinstance(browser.app.screen, AuditScreen) and line_of(browser) == there)
        assert browser.state.text == "type:volume"
        await browser.press("escape", "escape")
        assert browser.state.text == ""


async def test_rows_of_a_group_can_be_asked_for_otherwise_before_going_back(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        await open_groups(browser)
        await browser.press("enter", "slash", "end")
        await browser.type(" size>50GB")
        assert browser.state.text == "family:=pg-data-nightly size>50GB"
        await browser.press("enter", "escape")
        await browser.until(lambda: isinstance(browser.app.screen, AuditScreen))


async def test_a_group_is_marked_whole_but_for_what_is_protected(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        await open_groups(browser)
        await browser.press("4")
        await browser.until(lambda: "TYPE" in browser.text and bool(line_of(browser)))
        await browser.press("space")
        await browser.until(lambda: "of it marked" in browser.text)
        assert "refused: protected by" in browser.text
        await browser.press("escape")
        marked = browser.state.browsing.marks
        rows = {row.id: row for row in browser.state.snapshots}
        kinds = {row.resource_type for row_id, row in rows.items() if row_id in marked}
        assert len(kinds) == 1
        kind = kinds.pop()
        free = {i for i, row in rows.items() if not {"keep", "protected"} & {*(row.tags or ())}}
        wanted = {i for i in free if rows[i].resource_type == kind}
        assert marked == wanted


async def test_lines_that_overlap_are_said_to(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        await open_groups(browser)
        assert "overlap" not in browser.text
        await browser.press("5")
        await browser.until(lambda: "overlap" in browser.text)


async def test_findings_lead_to_their_rows_and_back(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        await open_groups(browser)
        await browser.press("tab")
        await browser.until(lambda: "source is gone" in line_of(browser) and "?" not in line_of(browser))
        there = line_of(browser)
        await browser.press("enter")
        await browser.until(lambda: browser.state.text == "is:orphan")
        assert there.split()[-1] == str(len(browser.names))
        await browser.press("escape")
        await browser.until(lambda: line_of(browser) == there)


async def test_findings_follow_when_sources_become_known(serve: Serve, browse: Browse) -> None:
    held = Event()
    async with browse(serve(Fault(path="/v2/droplets", hold=held, times=None))) as browser:
        await open_groups(browser)
        await browser.press("tab")
        await browser.until(lambda: "source is gone" in line_of(browser))
        assert line_of(browser).split()[-1] == "?"
        held.set()
        await browser.until(lambda: line_of(browser).split()[-1].isdecimal())


async def test_machines_without_snapshots_are_named(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        await open_groups(browser)
        await browser.press("tab", "G")
        await browser.until(lambda: "volumes without" in line_of(browser))
        await browser.press("enter")
        await browser.until(lambda: "no snapshot" in browser.text)
        await browser.press("escape")
        assert isinstance(browser.app.screen, AuditScreen)


async def test_what_cannot_be_told_is_no_zero(serve: Serve, browse: Browse) -> None:
    scopes = {DEMO_TOKEN: frozenset(ALL_SCOPES - {"droplet:read", "block_storage:read", "tag:read"})}
    async with browse(serve(scopes=scopes)) as browser:
        await open_groups(browser)
        await browser.press("tab")
        await browser.until(lambda: "source is gone" in line_of(browser))
        lines = browser.text.splitlines()
        for title in ("source is gone", "without any tag", "droplets without", "volumes without"):
            line = next(line for line in lines if title in line)
            assert "?" in line
            assert line.split()[-1] == "?"
        assert "cannot be told" in browser.text


async def test_numbers_are_typed_and_applied_at_once(serve: Serve, browse: Browse) -> None:
    async with browse(serve(), query="family:=pg-data-nightly") as browser:
        await browser.press("K")
        await browser.until(lambda: "removes" in browser.text)
        await browser.press("tab", "2", "0", "tab", "tab", "backspace", "tab", "backspace")
        await browser.until(lambda: "keeps 20 · removes 5:" in browser.text)
        await browser.press("backspace", "x")
        await browser.until(lambda: "takes a number, 0 or more, or unlimited" in browser.text)
        await browser.press("escape")
        assert "Tab numbers" in browser.text
        await browser.press("escape")
        assert browser.shows_list
        assert browser.state.browsing.marks == frozenset()


async def test_enter_marks_what_goes_and_opens_the_review_of_exactly_that(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server, query="family:=pg-data-nightly") as browser:
        await browser.press("K")
        await browser.until(lambda: "removes" in browser.text)
        await browser.press("enter")
        await browser.until(lambda: isinstance(browser.app.screen, ReviewDeletionScreen))
        review = browser.app.screen
        assert isinstance(review, ReviewDeletionScreen)
        plan = review.review.plan
        assert {row.id for row in plan.items} == browser.state.browsing.marks
        assert len(plan.keeps) == 1
        assert len(plan.keeps[0].kept) + len(plan.items) == 25
        await browser.press("escape")
        assert len(server.account.snapshots) == 240


async def test_the_plan_is_written_privately_with_what_each_group_keeps(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        await browser.press("K")
        await browser.until(lambda: "removes" in browser.text)
        await browser.press("w")
        await browser.until(lambda: "the plan was written to" in browser.text)
        (written,) = Path.cwd().glob("snaptui-plan-*.json")
        assert stat.S_IMODE(written.stat().st_mode) == 0o600
        file = json.loads(written.read_text())
        plan = file["plan"]
        assert sum(len(group["items"]) for group in plan["keeps"]) == len(plan["items"])
        await browser.press("enter")
        await browser.until(lambda: isinstance(browser.app.screen, ReviewDeletionScreen))
        review = browser.app.screen
        assert isinstance(review, ReviewDeletionScreen)
        shown = {row_id: list(texts) for row_id, texts in review.review.warnings.items()}
        assert file["warnings"] == shown != {}


async def test_an_incomplete_list_is_previewed_but_neither_applied_nor_written(serve: Serve, browse: Browse) -> None:
    server = serve(Fault(path=LIST, query={"page": "2"}, status=404, times=None))
    async with browse(server) as browser:
        await browser.press("K")
        await browser.until(lambda: "removes" in browser.text)
        for key in ("w", "enter"):
            await browser.press(key)
            await browser.until(lambda: "the list is not complete, so" in browser.text)
        assert isinstance(browser.app.screen, PlannerScreen)
        assert not list(Path.cwd().glob("snaptui-plan-*.json"))


async def test_the_keep_policy_follows_a_list_that_is_still_being_loaded(serve: Serve, browse: Browse) -> None:
    held = Event()
    server = serve(Fault(path=LIST, query={"page": "2"}, hold=held, times=None))
    async with browse(server, loaded=False) as browser:
        await browser.until(lambda: len(browser.state.snapshots) > 0)
        await browser.press("K")
        await browser.until(lambda: "removes" in browser.text)
        assert "the list is not complete" in browser.text
        held.set()
        await browser.until(lambda: "✓ complete" in browser.text and "removes" in browser.text)
        assert "the list is not complete" not in browser.text
        screen = browser.app.screen
        assert isinstance(screen, PlannerScreen)
        planner: PlannerScreen = screen
        # Each of the lists of sources, and the account, has it worked out anew: Enter says so until then.
        for _ in range(20):
            await browser.until(lambda: planner._state.is_worked_out)
            await browser.press("enter")
            if browser.app.screen is not planner:
                break
        assert isinstance(browser.app.screen, ReviewDeletionScreen)


async def test_groups_of_one_are_said_and_b_offers_the_family(serve: Serve, browse: Browse) -> None:
    async with browse(serve(), query="type:droplet") as browser:
        await browser.press("K")
        await browser.until(lambda: "b groups by name family" in browser.text)
        await browser.press("b")
        await browser.until(lambda: "name family  b" in browser.text and "removes" in browser.text)


async def test_read_only_lets_plans_be_written_but_nothing_be_reviewed(serve: Serve, browse: Browse) -> None:
    settings = Settings(read_only=Sourced(True, "test"))
    async with browse(serve(), settings=settings) as browser:
        await browser.press("K")
        await browser.until(lambda: "removes" in browser.text)
        await browser.press("enter")
        assert "read-only" in browser.text
        assert isinstance(browser.app.screen, PlannerScreen)


async def test_policies_of_the_settings_come_by_their_names(serve: Serve, browse: Browse) -> None:
    from snaptui.audit.policy import Policy, parse_span

    policies = {"nightly": Policy(last=1, within_weekly=parse_span("1y"), tags=(("a", "b"), ("c",)))}
    settings = Settings(policies=Sourced(policies, "test"))
    async with browse(serve(), settings=settings) as browser:
        await browser.press("K")
        await browser.until(lambda: "removes" in browser.text)
        await browser.press("P")
        await browser.until(lambda: "P nightly" in browser.text and "a,b c" in browser.text)
        assert "weekly 1y" in browser.text
        await browser.until(lambda: "removes" in browser.text)


async def test_spans_of_time_are_typed_behind_the_number_of_their_period(serve: Serve, browse: Browse) -> None:
    async with browse(serve(), size=(120, 40)) as browser:
        await browser.press("K")
        await browser.until(lambda: "removes" in browser.text)
        await browser.press("tab", "tab", "tab")
        await browser.type("7 2m")
        await browser.until(lambda: "--keep-daily 7 --keep-weekly 4 --keep-within-daily 2m" in browser.text)
        await browser.until(lambda: "daily within 2m" in browser.text)
        await browser.type(" 3m")
        await browser.until(lambda: "daily takes one number and one span of time" in browser.text)


async def test_the_command_of_a_policy_is_shown_and_copied(serve: Serve, browse: Browse) -> None:
    async with browse(serve(), query='name:"pg data" or type:volume', size=(120, 40)) as browser:
        await browser.press("K")
        command = "snaptui prune 'name:\"pg data\" or type:volume' --keep-last 3 --keep-daily 7 --keep-weekly 4"
        await browser.until(lambda: command in browser.text)
        await browser.press("b", "y")
        await browser.until(lambda: "sent to the terminal's clipboard" in browser.text)
        assert browser.app.clipboard == f"{command} --group-by family"


async def test_beside_a_wide_table_the_money_follows_the_filter(serve: Serve, browse: Browse) -> None:
    async with browse(serve(), size=(200, 50)) as browser:
        await browser.until(lambda: "Where the money goes" in browser.text)
        assert "Each month's survivors" in browser.text
        whole = browser.text.count(" %")
        await browser.press("slash")
        await browser.type("is:orphan")
        await browser.until(lambda: "money goes, of the filter" in browser.text)
        assert whole
        await browser.press("escape", "j")
        await browser.until(lambda: "Where the money goes" in browser.text)
        assert "of the filter" not in browser.text


async def test_a_table_of_ordinary_width_counts_nothing_beside_it(serve: Serve, browse: Browse) -> None:
    async with browse(serve(), size=(120, 40)) as browser:
        await browser.press("j", "slash")
        await browser.type("web")
        assert not [worker for worker in browser.app.workers if worker.name == "_count_money"]


def app_of_listing(listing: SavedListing, tmp_path: Path) -> SnaptuiApp:
    session = Session(
        client=None,
        connect=no_client,
        settings=Settings(read_only=Sourced(True, "test")),
        credentials=None,
        api_host="example.invalid",
        journal=Journal(tmp_path / "deletions"),
        opened=listing,
    )
    return SnaptuiApp(session, clock=lambda: listing.saved)


async def test_a_saved_listing_is_shown_also_where_a_key_covers_the_screen_before_its_first_frame(
    serve: Serve, tmp_path: Path
) -> None:
    server, kept = serve(), tmp_path / "listing.json"
    assert run("audit", "--save", str(kept), server=server).returncode == 0
    app = app_of_listing(SavedListing.read(kept), tmp_path)
    async with app.run_test() as pilot:
        browser = Browser(app, pilot, server)
        await browser.press("question_mark")
        await browser.until(lambda: len(browser.state.snapshots) == 240)


async def test_a_saved_listing_is_browsed_without_any_client(serve: Serve, tmp_path: Path) -> None:
    server, kept = serve(), tmp_path / "listing.json"
    assert run("audit", "--save", str(kept), server=server).returncode == 0
    app = app_of_listing(SavedListing.read(kept), tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        browser = Browser(app, pilot, server)
        await browser.until(lambda: len(browser.state.snapshots) == 240)
        await browser.until(lambda: "team Acme Production" in browser.text)
        assert "saved 20" in browser.text
        assert "no token" not in browser.text
        for key, said in (("d", "nothing can be deleted"), ("R", "nothing is asked for"), ("T", "no token is used")):
            await browser.press(key)
            assert said in browser.text
        await browser.press("enter")
        await browser.until(lambda: "without any request" in browser.text)
        await browser.press("escape", "a", "tab")
        await browser.until(lambda: "source is gone" in line_of(browser))


def no_client(_token: Token) -> RemoteClient:
    raise AssertionError("a saved listing needs no client")


async def test_what_is_protected_has_the_same_sign_in_the_keep_policy_as_in_the_table(
    serve: Serve, browse: Browse
) -> None:
    async with browse(serve(), query="tag:keep") as browser:
        assert "■" in browser.text
        await browser.press("K")
        await browser.until(lambda: "removes 0" in browser.text)
        assert browser.text.count("■") == 3
        assert "●" not in browser.text


@pytest.mark.parametrize("key", ["a", "K", "enter"])
async def test_u_says_in_whatever_covers_the_list_that_nothing_can_be_taken_back(
    serve: Serve, browse: Browse, key: str
) -> None:
    async with browse(serve()) as browser:
        await browser.press(key)
        await browser.until(lambda: browser.app.screen is not browser.browse)
        await browser.press("u")
        await browser.until(lambda: "no deletion is waiting to begin" in browser.text)
        await browser.press("escape")
        await browser.until(lambda: browser.shows_list)


async def test_a_number_that_is_typed_is_in_sight_on_a_narrow_screen(serve: Serve, browse: Browse) -> None:
    async with browse(serve(), size=(40, 10)) as browser:
        await browser.press("K")
        await browser.until(lambda: "removes" in browser.text)
        await browser.press("tab")
        for name in FIELDS:
            field = browser.app.screen.query_one(f"#keep-{name}")
            assert field.has_focus
            await browser.until(partial(_in_sight, field, 40))
            await browser.press("tab")


def _in_sight(widget: Widget, width: int) -> bool:
    return widget.region.x >= 0 and widget.region.right <= width


async def test_on_a_narrow_screen_all_fields_of_the_policy_and_what_is_grouped_by_are_whole(
    serve: Serve, browse: Browse
) -> None:
    async with browse(serve(), size=(40, 10)) as browser:
        await browser.press("K")
        await browser.until(lambda: "removes" in browser.text)
        for name in FIELDS:
            assert f" {name}" in browser.text
            assert _in_sight(browser.app.screen.query_one(f"#keep-{name}"), 40)
        assert "by source  b" in browser.text
        assert "keep " in browser.text.splitlines()[7]
        await browser.press("b", "b", "b")
        await browser.until(lambda: "by nothing: all together" in browser.text)
        await browser.press("escape", "a")
        await browser.until(lambda: "by family  1–8 others  Tab findings" in browser.text)
        await browser.press("5")
        await browser.until(lambda: "overlapping" in browser.text)
        await browser.press("tab")
        await browser.until(lambda: "nothing makes new ones, and nobody …" in browser.text)
