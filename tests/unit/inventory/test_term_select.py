"""Each kind of term selects the rows for which its verdict on a single snapshot is yes."""

from concurrent.futures import ThreadPoolExecutor
from sys import getswitchinterval, setswitchinterval

from hypothesis import given, settings
from hypothesis import strategies as st

from snaptui.inventory.row_set import RowSet
from snaptui.inventory.select import select
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import SourceList, Sources
from snaptui.query import Query, QueryContext, parse
from snaptui.query.patterns import is_pattern
from snaptui.query.terms import Field, FieldTerm, Form, TextTerm, Value

# Letters that become others when case is folded or ignored, and what the texts that are searched are put together with.
NAMES = st.lists(st.text(st.sampled_from("abkKsS1-ſKİ\n\x1f\0\r"), max_size=4), max_size=8)
PIECES = st.sampled_from(["a", "K", "s", "1-", "?", "*", "*", "[a-k]", "[!a]", "[A-S]", "{a,k*}", "{b,S,1}", "ſ", "İ"])
REGULAR = [
    "(?-i:K)",
    "(?-i:^a)",
    ".*k$",
    ".*.*1",
    ".*?s",
    "[^K]",
    "(a|K)1*",
    r"\x4b",
    r"(.)\1",
    "k$|^a",
    "^.*1",
    "[+-_]",
]
SOURCE_ID = st.sampled_from([None, "1", "2", "a1", "b"])
SOURCED = st.lists(st.tuples(SOURCE_ID, st.sampled_from(["droplet", "volume", "bucket"])), max_size=9)
MOMENTS = st.lists(st.none() | st.integers(-62_000_000_000, 250_000_000_000), max_size=8)
NAMED = st.dictionaries(st.sampled_from(["1", "2", "a1"]), st.sampled_from(["db", "web-1", "1"]), max_size=3)
SOURCE_LISTS = st.builds(SourceList, NAMED, st.sampled_from([None, "not read yet", "the token needs droplet:read"]))
ABOUT_STATES = "state:gone state:exists state:unknown -state:gone is:orphan -is:orphan state:gone,unknown"
ABOUT_SOURCES = (
    "source:1 source:=1 source:web source:none source:{d,w}* -source:a source:unknown source:=63 source:b,db"
)


def agrees(query: Query, rows: list[Snapshot], context: QueryContext, snapshots: Snapshots | None = None) -> None:
    selection = select(query, snapshots or Snapshots(rows), context)
    verdicts = [query.verdict(row, context) for row in rows]
    assert selection.matching.flags == bytes(verdict is True for verdict in verdicts)
    assert selection.unjudged.flags == bytes(verdict is None for verdict in verdicts)


def named(names: list[str]) -> list[Snapshot]:
    return [Snapshot(f"A-{n}b", name, None, None, (), 1, 1.0, None, "volume", ()) for n, name in enumerate(names)]


@settings(max_examples=300)
@given(NAMES, st.lists(PIECES, min_size=1, max_size=3).map("".join), st.sampled_from([Field.NAME, Field.ID]))
def test_a_pattern_fits_the_same_names_and_ids_in_joined_texts(names: list[str], glob: str, field: Field) -> None:
    rows = named(names)
    value = Value(glob, Form.GLOB if is_pattern(glob) else Form.EXACT)
    agrees(Query(FieldTerm(field, (value, Value("sk")))), rows, QueryContext(0.0))
    if value.is_pattern:
        agrees(Query(TextTerm(value)), rows, QueryContext(0.0))


@settings(max_examples=200)
@given(NAMES, st.sampled_from(REGULAR))
def test_a_regular_expression_finds_in_folded_texts_what_it_finds_in_names(names: list[str], regex: str) -> None:
    agrees(Query(TextTerm(Value(regex, Form.REGEX))), named(names), QueryContext(0.0))


@settings(max_examples=300)
@given(SOURCED, SOURCE_LISTS, SOURCE_LISTS, st.sampled_from([*ABOUT_STATES.split(), *ABOUT_SOURCES.split()]))
def test_a_source_is_judged_once_for_all_its_rows_and_again_when_other_sources_are_known(
    sourced: list[tuple[str | None, str]], droplets: SourceList, volumes: SourceList, text: str
) -> None:
    rows = [
        Snapshot(str(number), "n", None, None, (), 1, 1.0, source_id, of_type, ())
        for number, (source_id, of_type) in enumerate(sourced)
    ]
    snapshots = Snapshots(rows)
    for sources in (Sources(droplets, volumes), Sources(volumes, droplets)):
        agrees(parse(text), rows, QueryContext(0.0, sources=sources), snapshots)


@given(MOMENTS, st.sampled_from(["19*", "2024-0?,1970-01", "unknown"]))
def test_months_are_made_out_by_the_day(moments: list[int | None], months: str) -> None:
    edges = [0.0, 2_678_399.9, 2_678_400.0, -0.1]
    rows = [
        Snapshot(str(number), "n", None, moment, (), 1, 1.0, None, "volume", ())
        for number, moment in enumerate([*moments, *edges])
    ]
    for text in (f"month:{months}", f"-month:{months}"):
        agrees(parse(text), rows, QueryContext(0.0))


def test_selections_are_remembered_whichever_thread_asks() -> None:
    indexes, interval = Snapshots(()).indexes, getswitchinterval()

    def ask(thread: int) -> None:
        for number in range(60_000):
            indexes.remembered((thread, number), RowSet)

    setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(3) as threads:
            assert list(threads.map(ask, range(3))) == [None] * 3
    finally:
        setswitchinterval(interval)
