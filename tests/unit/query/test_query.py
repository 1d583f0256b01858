import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snaptui.inventory.orders import SortKey
from snaptui.inventory.select import select
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import SourceList, Sources
from snaptui.query import Query, QueryContext, QueryError, parse
from snaptui.query.terms import (
    Field,
    FieldTerm,
    Flag,
    FlagTerm,
    Form,
    Measure,
    MeasureTerm,
    Term,
    TextTerm,
    Value,
)
from snaptui.query.units import PARSERS

DAY = 86_400.0
NOW = 1_700_000_000.0
SOURCES = Sources(SourceList({"77": "db-primary"}, None), SourceList({}, "not readable"))
CONTEXT = QueryContext(now=NOW, marked={"1"}, latest={"1"}, sources=SOURCES)


def snapshot(
    *,
    row_id: str = "1",
    name: str = "web-01-1595954862243",
    created: float | None = NOW - 100 * DAY,
    regions: tuple[str, ...] = ("nyc3", "sfo3"),
    min_disk_size: int | None = 25,
    size_gigabytes: float | None = 2.34,
    resource_id: str | None = "77",
    resource_type: str = "droplet",
    tags: tuple[str, ...] | None = ("web", "env:prod"),
    damage: str | None = None,
) -> Snapshot:
    return Snapshot(
        row_id,
        name,
        "x",
        created,
        regions,
        min_disk_size,
        size_gigabytes,
        resource_id,
        resource_type,
        tags,
        damage,
    )


@pytest.mark.parametrize(
    "query",
    [
        "web",
        "WEB nyc3",
        '"web-01-"',
        "/^web-[0-9]+/",
        "web-*243",
        "name:web name:=web-01-1595954862243",
        "id:1",
        "type:droplet",
        "region:nyc3",
        "region:ams3,sfo3",
        "region:nyc*",
        "tag:env:prod",
        "tag:env:*",
        'tag:"web"',
        "source:77",
        "source:db-prim",
        "size>2GB size<3GB size=2.34GB size>=2340MB size<0.1TB",
        "age>90d age<1y age>=3mo age=14w age>2000h",
        "created>=2023 created<2023-09-01 created=2023-08 created>2023-08-05",
        "cost>0.10 cost<=$0.15 cost=0.14",
        "min_disk>=25GB min_disk=25",
        "-db !db -tag:keep -size>3GB",
        "--web",
        "is:marked is:latest -is:orphan -is:damaged",
        "",
    ],
)
def test_what_matches(query: str) -> None:
    assert parse(query).matches(snapshot(), CONTEXT)


@pytest.mark.parametrize(
    "query",
    [
        "db",
        "tag:we",
        "tag:=WEB2",
        "type:vol",
        "region:nyc",
        "name:=web-01",
        "size>2.34GB",
        "age>100d",
        "-web",
        "created>2023-08",
        "is:orphan",
        "-is:marked",
        "web-*-x",
        "/^eb/",
        "source:78",
        "cost>0.15",
        "age=99d",
    ],
)
def test_what_does_not_match(query: str) -> None:
    assert not parse(query).matches(snapshot(), CONTEXT)


@pytest.mark.parametrize(
    ("query", "row"),
    [
        ("tag:keep", snapshot(tags=None)),
        ("size>1GB", snapshot(size_gigabytes=None)),
        ("age>90d", snapshot(created=None)),
        ("created<2020", snapshot(created=None)),
        ("cost<1", snapshot(size_gigabytes=None)),
        ("source:77", snapshot(resource_id=None)),
        ("is:orphan", snapshot(resource_type="volume")),
        ("is:latest", snapshot(created=None)),
    ],
)
def test_what_is_not_known_matches_neither_a_term_nor_its_negation(query: str, row: Snapshot) -> None:
    assert parse(query).verdict(row, CONTEXT) is None
    assert parse(f"-{query}").verdict(row, CONTEXT) is None
    assert not parse(query).matches(row, CONTEXT)
    assert not parse(f"-{query}").matches(row, CONTEXT)


@pytest.mark.parametrize(
    ("query", "position", "said"),
    [
        ("web regoin:nyc3", 4, "did you mean region?"),
        ("web colour:red", 4, "the fields are"),
        ("tag:", 4, "needs a value"),
        ("tag:a,", 6, "needs a value"),
        ("size:20", 0, "size is compared"),
        ("tag>3", 0, "write tag:"),
        ("size>20XB", 5, "is not a size such as 20GB"),
        ("age>90", 4, "is not an age such as"),
        ("age>", 4, "needs a value"),
        ("created>yesterday", 8, "is not a date such as"),
        ("created>2024-13", 8, "is not a date such as"),
        ("cost>x", 5, "is not an amount"),
        ('name:"open', 5, "has no end"),
        ("/open", 0, "has no end"),
        ("/(/", 0, "does not work"),
        ("/(a+)+/", 0, "repeat inside a repeat"),
        ("is:gone", 3, "is: takes marked"),
        ("is:", 3, "is: needs one of"),
        ("-", 0, "stands before nothing"),
        ("web - db", 4, "stands before nothing"),
        ('""', 0, "nothing stands between"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(query: str, position: int, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert caught.value.position == position
    assert said in str(caught.value)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
REGEXES = st.sampled_from(["a.b", "^web-[0-9]+$", "a/b", r"\d{3}", "(x|y)", r"\\", r"\\/", r"\."])


GLOBS = st.text(string.ascii_letters + "*?-", min_size=1, max_size=6).filter(
    lambda t: ("*" in t or "?" in t) and t[0] not in "-"
)


def values(forms: st.SearchStrategy[Form]) -> st.SearchStrategy[Value]:
    def of(form: Form) -> st.SearchStrategy[Value]:
        texts = {Form.REGEX: REGEXES, Form.GLOB: GLOBS}.get(form, TEXTS)
        return st.builds(Value, texts, st.just(form))

    return forms.flatmap(of)


AMOUNTS = {
    Measure.SIZE: ["20GB", "1.5TB", "7", "500mb"],
    Measure.MIN_DISK: ["25", "1TB"],
    Measure.AGE: ["90d", "12w", "6mo", "1y", "36h"],
    Measure.CREATED: ["2024", "2024-02", "2024-02-29", "2024-02-29T12:30Z", "2024-12-31T23:59:59+02:00"],
    Measure.COST: ["1.50", "$0.06"],
}
MEASURES = st.sampled_from(sorted(AMOUNTS)).flatmap(
    lambda measure: st.builds(
        MeasureTerm,
        st.just(measure),
        st.sampled_from([">", ">=", "<", "<=", "="]),
        st.sampled_from(AMOUNTS[measure]).map(PARSERS[measure]),
        st.booleans(),
    )
)
TERMS: st.SearchStrategy[Term] = st.one_of(
    st.builds(TextTerm, values(st.sampled_from([Form.WORD, Form.GLOB, Form.REGEX])), st.booleans()),
    st.builds(
        FieldTerm,
        st.sampled_from(Field),
        st.lists(values(st.sampled_from(Form)), min_size=1, max_size=3).map(tuple),
        st.booleans(),
    ),
    MEASURES,
    st.builds(FlagTerm, st.sampled_from(Flag), st.booleans()),
)
QUERIES = st.lists(TERMS, max_size=4).map(tuple).map(Query)
SNAPSHOTS = st.builds(
    snapshot,
    row_id=st.sampled_from(["1", "2", "abc"]),
    name=st.sampled_from(["web-1", "WEB-2", "a.b", "x y", 'q"']),
    created=st.none() | st.sampled_from([NOW, NOW - 90 * DAY, NOW - 400 * DAY, 1_709_164_800.0]),
    regions=st.sampled_from([(), ("nyc3",), ("nyc3", "sfo3")]),
    size_gigabytes=st.none() | st.sampled_from([0.0, 0.5, 7.0, 20.0, 1500.0]),
    min_disk_size=st.none() | st.sampled_from([0, 25]),
    resource_id=st.none() | st.sampled_from(["77", "78"]),
    resource_type=st.sampled_from(["droplet", "volume"]),
    tags=st.none() | st.sampled_from([(), ("web",), ("keep", "env:prod")]),
)


@given(QUERIES)
def test_a_printed_query_parses_to_itself(query: Query) -> None:
    assert parse(str(query)) == query


@given(st.text(max_size=40))
def test_any_text_either_parses_or_says_where_it_is_wrong(text: str) -> None:
    try:
        query = parse(text)
    except QueryError as error:
        place = error.position
    else:
        assert parse(str(query)) == query
        place = 0
    assert 0 <= place <= len(text)


@settings(max_examples=300)
@given(QUERIES, st.lists(SNAPSHOTS, max_size=6, unique_by=lambda row: row.id), st.booleans())
def test_selecting_agrees_with_asking_each_row(query: Query, rows: list[Snapshot], sorted_ahead: bool) -> None:
    snapshots = Snapshots(rows)
    if sorted_ahead:
        snapshots.sort_ahead(SortKey)
    wanted = bytes(query.matches(row, CONTEXT) for row in rows)
    assert select(query, snapshots, CONTEXT) == wanted
    assert select(query, snapshots, CONTEXT) == wanted


@given(TERMS, SNAPSHOTS)
def test_nothing_matches_a_term_and_its_negation(term: Term, row: Snapshot) -> None:
    both = parse(f"{term} -{term}" if not str(term).startswith("-") else f"{term} {str(term)[1:]}")
    assert not both.matches(row, CONTEXT)
