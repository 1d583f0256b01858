"""Browsing with real keys over real HTTP: the rows, the words, and what the server saw."""

from collections.abc import Callable
from threading import Event

import pytest

from snaptui.config.settings import THEMES, Settings, Sourced
from snaptui.demo.api import ALL_SCOPES, DEMO_TOKEN
from snaptui.model.snapshot import Snapshot
from snaptui.text.columns import ALL_COLUMNS
from tests.support.faults import Fault
from tests.support.server import ScriptedServer

from .conftest import Browse

Serve = Callable[..., ScriptedServer]
LIST = "/v2/snapshots"


async def test_the_whole_account_is_shown_and_said_to_be_complete(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server) as browser:
        assert sorted(browser.names) == sorted(str(row["name"]) for row in server.account.snapshots.values())
        costs = [row.size_gigabytes for row in browser.state.browsing.view.slice(0, 240)]
        assert costs == sorted(costs, key=lambda size: -1 if size is None else size, reverse=True)
        assert "240 snapshots" in browser.text
        assert "✓ complete" in browser.text
        assert "team Acme Production" in browser.text
        assert "dop_v1_…d0d0" in browser.text
        assert DEMO_TOKEN not in browser.text
        assert "page 1/22 · 1–11 of 240" in browser.text


async def test_every_line_fits_the_screen(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        lines = browser.text.splitlines()
        assert len(lines) == 24
        assert lines[3].split() == ["NAME", "TYPE", "SIZE", "$/MO", "↓", "AGE", "REGIONS", "TAGS"]
        assert lines[-1].endswith("a audit  ? help")


async def test_names_that_attack_the_terminal_are_shown_as_text(serve: Serve, browse: Browse) -> None:
    async with browse(serve(), size=(120, 40)) as browser:
        await browser.press("1")
        assert "␛]52;c;" in browser.text
        assert "[@click=app." in browser.text
        assert "\x1b" not in browser.text
        await browser.type("/")
        await browser.type("invoice")
        assert "invoice-�gnp.exe" in browser.text


async def test_moving_and_paging(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        await browser.press("j", "j", "k")
        assert browser.state.browsing.position == 1
        await browser.press("right_square_bracket")
        assert "page 2/22 · 12–22 of 240" in browser.text
        await browser.press("pageup", "G")
        assert "page 22/22" in browser.text
        assert browser.state.browsing.position == 239
        await browser.press("home")
        assert browser.state.browsing.position == 0


@pytest.mark.parametrize(("size", "number"), [((80, 24), 7), ((200, 50), 10)])
async def test_every_column_that_is_shown_can_be_sorted_by_from_the_keyboard_and_the_palette(
    serve: Serve, browse: Browse, size: tuple[int, int], number: int
) -> None:
    async with browse(serve(), size=size) as browser:
        columns = browser.state.columns
        assert len(columns) == number
        seen = []
        for _ in columns:
            await browser.press("o")
            seen.append(browser.state.browsing.view.sort.key)
        assert sorted(seen) == sorted(columns)
        helps = [command.help for command in browser.browse.commands]  # the palette offers them
        for digit in "1234567890":
            await browser.press(digit)
            key = browser.state.browsing.view.sort.key
            heading = next(column.heading for column in ALL_COLUMNS if column.key is key)
            assert f"sort by {heading}; again reverses" in helps
            if key in columns:
                assert f"{heading} ↓" in browser.text or f"{heading} ↑" in browser.text


async def test_the_cursor_stays_with_its_snapshot_through_sorting(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        await browser.press("j", "j", "j")
        cursor = browser.state.browsing.cursor_id
        await browser.press("3")
        assert browser.state.browsing.cursor_id == cursor
        assert "SIZE ↓" in browser.text
        sizes = [row.size_gigabytes or 0 for row in browser.state.browsing.view.slice(0, 240)]
        assert sizes == sorted(sizes, reverse=True)
        await browser.press("3")
        assert "SIZE ↑" in browser.text
        await browser.press("O", "o")
        assert browser.state.browsing.cursor_id == cursor


async def test_a_filter_applies_as_it_is_typed_and_esc_clears_it(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        await browser.type("/")
        await browser.type("web")
        assert browser.names
        assert all("web" in text for text in map(_searchable, browser.state.browsing.view.slice(0, 240)))
        await browser.press("escape")
        assert len(browser.names) == 240
        await browser.press("j")
        assert browser.state.browsing.position == 1


def _searchable(row: Snapshot) -> str:
    return " ".join((row.name, row.id, *row.regions, *(row.tags or ()))).lower()


async def test_a_wrong_filter_says_where_and_leaves_the_rows(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        await browser.type("/")
        await browser.type("size>2")
        before = browser.names
        assert 0 < len(before) < 240
        await browser.type("x")
        assert browser.names == before
        assert 'column 6: write a size such as 20GB or 1.5TB; "2x" is none' in browser.text
        await browser.press("backspace")
        assert "✗" not in browser.text


async def test_keys_typed_into_the_filter_do_nothing_else(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        await browser.type("/")
        await browser.type("dqRtAd")
        assert browser.state.text == "dqRtAd"
        assert browser.shows_list
        assert not browser.state.browsing.marks


async def test_the_type_goes_round(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        for wanted in ({"droplet"}, {"volume"}, {"droplet", "volume"}):
            await browser.press("t")
            shown = browser.state.browsing.view.slice(0, 240)
            assert {row.resource_type for row in shown} == wanted


async def test_marks_and_their_totals(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        assert "nothing marked: keys act on" in browser.text
        await browser.press("space", "space")
        assert browser.state.browsing.marked.count == 2
        assert "2 marked:" in browser.text
        await browser.press("v", "j", "j", "v")
        assert browser.state.browsing.marked.count == 5
        await browser.press("t", "t")
        assert "hidden by the filter" in browser.text
        await browser.press("t", "A")
        protected = [row for row in browser.state.snapshots if {"keep", "protected"} & set(row.tags or ())]
        assert browser.state.browsing.marked.count == 240 - len(protected)
        assert f"{240 - len(protected) - 5} more marked: {240 - len(protected)} now" in browser.text
        assert f"{len(protected)} refused: protected" in browser.text
        await browser.press("I")
        assert browser.state.browsing.marked.count == 0
        await browser.press("U")
        assert "✗ nothing is marked" in browser.text


async def test_details_show_every_field_and_the_json_as_sent(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server, size=(100, 40)) as browser:
        await browser.type("/")
        await browser.type("pg-data-night")
        await browser.press("enter", "j")
        row = browser.state.browsing.current
        assert row is not None
        for text in ("regions", "tags", "min disk", "of 25 of this source", row.id, "UTC"):
            assert text in " ".join(browser.text.split())
        await browser.press("enter")
        await browser.until(lambda: "JSON as the API sends it now" in browser.text)
        assert f'"resource_id": "{row.resource_id}"' in browser.text
        assert server.count("GET", f"{LIST}/{row.id}") == 1
        assert "read again" not in browser.text
        await browser.press("R")
        await browser.until(lambda: "read again: the same" in browser.text)
        server.account.change(row.id, name="renamed-meanwhile")
        await browser.press("R")
        await browser.until(lambda: "renamed-meanwhile" in browser.text and "read again: changed" in browser.text)
        await browser.press("escape")
        assert browser.shows_list


async def test_a_reload_keeps_the_place_and_drops_what_is_gone(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server) as browser:
        await browser.press("G")
        await browser.press("k", "k", "space")
        cursor, marks = browser.state.browsing.cursor_id, browser.state.browsing.marks
        gone = browser.state.browsing.view.at(0).id
        server.account.delete(gone)
        await browser.press("R")
        await browser.until(lambda: len(browser.names) == 239)
        assert browser.state.browsing.cursor_id == cursor
        assert browser.state.browsing.marks == marks


@pytest.mark.parametrize("key", ["question_mark", "ctrl+p", "a", "K"])
async def test_the_list_is_loaded_also_where_a_key_covers_it_before_its_first_frame(
    serve: Serve, browse: Browse, key: str
) -> None:
    async with browse(serve(), loaded=False) as browser:
        await browser.press(key)
        await browser.until(lambda: browser.state.coverage.finished and browser.state.connection.account_asked)
        await browser.until(lambda: browser.state.sources.droplets.problem is None)


async def test_rows_show_before_the_whole_list_is_there(serve: Serve, browse: Browse) -> None:
    hold = Event()
    server = serve(Fault(path=LIST, query={"page": "2"}, hold=hold))
    async with browse(server, loaded=False) as browser:
        await browser.until(lambda: len(browser.names) == 200)
        assert "loading page 1 of 2" in browser.text
        await browser.press("R")
        assert "being loaded already" in browser.text
        hold.set()
        await browser.until(lambda: len(browser.names) == 240)


@pytest.mark.parametrize(
    ("faults", "scopes", "said"),
    [
        ((), {}, ["The token was not accepted", "expired or revoked", "T gives another token"]),
        ((), {DEMO_TOKEN: ALL_SCOPES - {"snapshot:read"}}, ["may not read snapshots", "needs snapshot:read"]),
        ((Fault(path=LIST, status=400, body=b"{}", times=None),), None, ["could not be loaded", "HTTP 400"]),
        ((Fault(path=LIST, status=429, headers={"retry-after": "999"}, times=None),), None, ["rate limit is used up"]),
    ],
)
async def test_what_went_wrong_and_what_to_do_is_said_in_place_of_rows(
    serve: Serve,
    browse: Browse,
    faults: tuple[Fault, ...],
    scopes: dict[str, frozenset[str]] | None,
    said: list[str],
) -> None:
    async with browse(serve(*faults, scopes=scopes), loaded=False) as browser:
        await browser.until(lambda: said[0] in browser.text)
        for text in said:
            assert text in " ".join(browser.text.split())


async def test_an_account_without_snapshots_says_so(serve: Serve, browse: Browse) -> None:
    async with browse(serve(snapshots=0)) as browser:
        assert "This account has no snapshots" in browser.text
        await browser.press("d")
        assert "✗ there is no snapshot under the cursor" in browser.text


async def test_no_match_says_so(serve: Serve, browse: Browse) -> None:
    async with browse(serve(), query="nothing-like-this") as browser:
        assert "No snapshot matches the filter" in browser.text


async def test_an_incomplete_list_says_which_page_is_missing(serve: Serve, browse: Browse) -> None:
    missing = Fault(path=LIST, query={"page": "2"}, status=422, body=b'{"message":"no"}', times=None)
    async with browse(serve(missing)) as browser:
        assert len(browser.names) == 200
        assert "! incomplete" in browser.text
        assert "page 2 of 2 missing (no)" in browser.text


async def test_without_a_token_one_is_asked_for_and_used(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server, token=None, loaded=False) as browser:
        await browser.until(lambda: "A DigitalOcean API token for" in browser.text)
        await browser.press(*"dor_v1_abc", "enter")
        assert "refresh token" in browser.text
        await browser.press("ctrl+u")
        await browser.press(*DEMO_TOKEN, "enter")
        assert DEMO_TOKEN not in browser.text
        await browser.until(lambda: len(browser.names) == 240)


async def test_the_help_names_every_key_and_the_query_language(serve: Serve, browse: Browse) -> None:
    async with browse(serve(), size=(100, 140)) as browser:
        await browser.press("question_mark")
        for text in ("mark all that match the filter", "review and delete", "region:nyc1,nyc3", "is:marked"):
            assert text in browser.text
        await browser.press("escape")
        assert browser.shows_list


async def test_read_only_greys_deleting_and_says_why(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server, settings=Settings(read_only=Sourced(True))) as browser:
        assert "read-only" in browser.text
        await browser.press("d")
        assert "nothing can be deleted" in browser.text
        assert browser.shows_list


@pytest.mark.parametrize("size", [(20, 6), (40, 12), (80, 24), (120, 40), (200, 50)])
async def test_any_size_works(serve: Serve, browse: Browse, size: tuple[int, int]) -> None:
    async with browse(serve(), size=size) as browser:
        for keys in (["j"], ["space"], ["d"], ["escape"], ["question_mark"], ["escape"], ["enter"], ["escape"], ["p"]):
            await browser.press(*keys)
            assert max(map(len, browser.text.splitlines())) <= size[0]
        assert browser.shows_list


@pytest.mark.parametrize(
    ("width", "said"),
    [(40, "240 · $348.14/mo"), (60, "240 snapshots · 5.8 TB · $348.14/mo"), (80, "5.8 TB · $348.14/mo")],
)
async def test_no_number_is_cut_where_there_is_little_room(serve: Serve, browse: Browse, width: int, said: str) -> None:
    async with browse(serve(), size=(width, 12)) as browser:
        assert said in browser.text.splitlines()[1]
        assert "✓ complete" in browser.text.splitlines()[1]
        await browser.press("p")
        assert "no room for details" in browser.text


async def test_a_reload_that_fails_says_so_and_keeps_amounts_whole(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server) as browser:
        amount = "5.8 TB · $348.14/mo"
        assert amount in browser.text
        server.faults.add(Fault(path="/v2/snapshots", times=None, status=503, body=b"{}"))
        await browser.press("R")
        await browser.until(lambda: "trying again: waiting" in browser.text)
        assert "$348.14/mo" in browser.text.splitlines()[1]
        await browser.until(lambda: "! not up to date" in browser.text)
        assert "! not loaded again: the API had an error of its own; R tries again" in browser.text
        server.faults.clear()
        await browser.press("R")
        await browser.until(lambda: "✓ complete" in browser.text)
        assert "not loaded again" not in browser.text


async def test_loading_can_be_stopped_and_begun_again(serve: Serve, browse: Browse) -> None:
    wait = Fault(path=LIST, query={"page": "2"}, status=429, body=b"{}", headers={"retry-after": "60"})
    async with browse(serve(wait), loaded=False) as browser:
        await browser.until(lambda: "rate limit: waiting" in browser.text)
        await browser.until(lambda: len(browser.names) == 200)
        await browser.press("escape")
        await browser.until(lambda: "stopped by you" in browser.text)
        assert "! incomplete" in browser.text


async def test_the_command_palette_does_what_the_keys_do(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        await browser.press("ctrl+p")
        await browser.type("reverse")
        await browser.until(lambda: "Reverse the order" in browser.text)
        await browser.press("enter")
        await browser.until(lambda: "cheapest first" in browser.text)


async def test_a_crash_shows_no_values(serve: Serve, browse: Browse, capsys: pytest.CaptureFixture[str]) -> None:
    def crash(secret: str) -> float:
        return len(secret) / 0

    async def run() -> None:
        async with browse(serve()) as browser:
            browser.browse.call_later(crash, DEMO_TOKEN)
            await browser.until(lambda: not browser.app.is_running)

    with pytest.raises(ZeroDivisionError):
        await run()
    printed = capsys.readouterr().err
    assert "ZeroDivisionError" in printed
    assert "snaptui crashed" in printed
    assert DEMO_TOKEN not in printed


@pytest.mark.parametrize("theme", THEMES)
async def test_the_palette_offers_each_theme_and_all_of_the_screen_takes_it(
    serve: Serve, browse: Browse, theme: str
) -> None:
    async with browse(serve(), settings=Settings(theme=Sourced(theme))) as browser:
        wanted = browser.colours
    other = "light" if theme == "dark" else "dark"
    async with browse(serve(), settings=Settings(theme=Sourced(other))) as browser:
        assert browser.colours != wanted
        await browser.press("ctrl+p")
        await browser.type(f"theme {theme}")
        await browser.until(lambda: f"Theme {theme}" in browser.text)
        await browser.press("enter")
        await browser.until(lambda: browser.colours == wanted)


async def test_without_colour_nothing_has_one(serve: Serve, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with browse(serve(), settings=Settings(theme=Sourced("dark"))) as browser:
        assert browser.colours <= {"default"}
        assert "▸" in browser.text


@pytest.mark.parametrize(("size", "framed"), [((80, 24), False), ((200, 50), True)])
async def test_a_dialog_is_framed_in_the_middle_where_there_is_room(
    serve: Serve, browse: Browse, size: tuple[int, int], framed: bool
) -> None:
    async with browse(serve(), token=None, loaded=False, size=size) as browser:
        await browser.until(lambda: "A DigitalOcean API token for" in browser.text)
        lines = browser.text.splitlines()
        assert any("╭" in line for line in lines) is framed
        top = next(y for y, line in enumerate(lines) if "A DigitalOcean" in line)
        assert abs(top - size[1] // 2) < 6
        assert len(lines[top]) - len(lines[top].lstrip()) > (50 if framed else 0)
