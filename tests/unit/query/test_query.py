import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from snaptui.inventory.orders import SortKey
from snaptui.inventory.select import select
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import SourceList, Sources
from snaptui.query import Query, QueryContext, QueryError, UnknownValueError, Vocabulary, parse
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
    UnknownTerm,
    Value,
)
from snaptui.query.tree import And, Expression, Not, Or
from snaptui.query.units import PARSERS

DAY = 86_400.0
NOW = 1_700_000_000.0
SOURCES = Sources(SourceList({"77": "db-primary"}, None), SourceList({}, "not readable"))


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


ROW = snapshot()
SIBLINGS = [snapshot(row_id=f"old-{n}", created=NOW - (200 + n) * DAY, name=f"web-01-{n}595954862243") for n in (1, 2)]
CONTEXT = QueryContext(now=NOW, marked={"1"}, places=Snapshots([ROW, *SIBLINGS]).places, sources=SOURCES)


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
        "age>30d and size>1GB",
        "db or web",
        "not db and not (tag:keep or type:volume)",
        "db or web nyc3 AND NOT db",
        "(db or web) -(region:ams3 or size>1TB)",
        "age > 90d size<= 3 GB created = 2023-08 name = web-01-1595954862243",
        "(age>90d)",
        "web-0[0-9]-* web-[!a-z]1* web-{00,01}-*",
        "region:{nyc,sfo}3 name:web-[0-9]?-{1,2}*",
        "name:{a,web-{01,02}}-* or nothing",
        "1* id:[0-9] id:{1,2}",
        "of=3 of>2 growth=1 growth<1.5 -is:same-day growth=1.0",
        "nth=1 nth<2 is:latest -is:only family-nth=1 is:family-latest -is:family-only",
        "-is:untagged -age:unknown -size:unknown -region:none state:exists -state:gone",
        "month:2023-08 month:2023-* family:web-01 family:=web-01 family:WEB-01",
        'source:=77 source:="db-primary" source:77,78',
        "",
    ],
)
def test_what_matches(query: str) -> None:
    assert parse(query).matches(snapshot(), CONTEXT)


@pytest.mark.parametrize(
    ("query", "row"),
    [
        ("tag:keep", snapshot(tags=("KEEP",))),
        ("tag:KEEP", snapshot(tags=("keep",))),
        ("tag:=Keep", snapshot(tags=("kEEP",))),
        ("tag:ke*", snapshot(tags=("KEEP",))),
        ("region:nyc3", snapshot(regions=("NYC3",))),
        ("type:droplet", snapshot(resource_type="Droplet")),
        ("name:=WEB", snapshot(name="Web")),
        ("id:AB", snapshot(row_id="ab-1")),
    ],
)
def test_capital_letters_make_no_difference(query: str, row: Snapshot) -> None:
    assert parse(query).matches(row, CONTEXT)
    assert not parse(f"-{query}").matches(row, CONTEXT)


@pytest.mark.parametrize(
    "query",
    [
        "db",
        "tag:we",
        "tag:=WEB2",
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
        "age>1y or size>20GB",
        "web and db",
        "not web",
        "nth>1",
        "of>3",
        "growth>1",
        "is:same-day",
        "is:only",
        "month:2023-09",
        "family:web",
        "family:=WEB-01",
        "age:unknown",
        "region:none",
        "tag:unknown",
        "source:none",
        "state:gone",
        "[a-z]eb",
        "web-{a,b}-*",
        "source:=db-prim",
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
        ("is:latest", snapshot(row_id="undated", created=None)),
        ("is:untagged", snapshot(tags=None)),
        ("nosuchtext", snapshot(tags=None)),
        ("month:2023-08", snapshot(created=None)),
        ("nth>3", snapshot(row_id="elsewhere")),
        ("of>3", snapshot(row_id="elsewhere")),
        ("growth>3", snapshot(row_id="elsewhere")),
        ("is:same-day", snapshot(row_id="elsewhere")),
        ("state:gone", snapshot(resource_type="volume")),
        ("source:name", snapshot(resource_type="volume")),
        ("source:=name", snapshot(resource_type="volume")),
        ("tag:keep or size>1TB", snapshot(tags=None)),
        ("not (tag:keep and size>1GB)", snapshot(tags=None)),
    ],
)
def test_what_is_not_known_matches_neither_a_term_nor_its_negation(query: str, row: Snapshot) -> None:
    assert parse(query).verdict(row, CONTEXT) is None
    assert parse(f"-({query})").verdict(row, CONTEXT) is None
    assert not parse(query).matches(row, CONTEXT)
    assert not parse(f"-({query})").matches(row, CONTEXT)


@pytest.mark.parametrize(
    ("query", "row", "verdict"),
    [
        ("tag:keep and size>1TB", snapshot(tags=None), False),
        ("tag:keep or size>1GB", snapshot(tags=None), True),
        ("-tag:keep type:volume", snapshot(tags=None), False),
        ("web", snapshot(tags=None), True),
        ("tag:unknown", snapshot(tags=None), True),
        ("age:unknown created:unknown month:unknown", snapshot(created=None), True),
        ("size:unknown cost:unknown", snapshot(size_gigabytes=None), True),
        ("min_disk:unknown", snapshot(min_disk_size=None), True),
        ("source:unknown source:none", snapshot(resource_id=None), True),
        ("state:unknown", snapshot(resource_type="volume"), True),
        ("state:unknown", snapshot(), False),
        ("state:exists", snapshot(), True),
        ("state:gone is:orphan", snapshot(resource_id="78"), True),
        ("nth:unknown", snapshot(row_id="elsewhere"), True),
        ("of:unknown growth:unknown", snapshot(row_id="elsewhere"), True),
        ("region:none", snapshot(regions=()), True),
        ("is:untagged", snapshot(tags=()), True),
        ("source:=11111111-2222-3333-4444-555555555555", snapshot(resource_type="volume"), False),
        ("source:name", snapshot(resource_id="78"), False),
    ],
)
def test_the_unknown_counts_only_where_it_decides(query: str, row: Snapshot, verdict: bool) -> None:
    assert parse(query).verdict(row, CONTEXT) is verdict


@pytest.mark.parametrize(
    ("query", "position", "said"),
    [
        ("web regoin:nyc3", 4, "did you mean region?"),
        ("web colour:red", 4, "quotes"),
        ("tag:", 4, "needs a value"),
        ("tag:a,", 6, "needs a value"),
        ("size:20", 0, "size is compared"),
        ("tag>3", 0, "write tag:"),
        ("size>20XB", 5, "write a size such as 20GB"),
        ("age>90", 4, "write an age such as"),
        ("age>", 4, "needs a value"),
        ("age > ", 6, "needs a value"),
        ("created>yesterday", 8, "write a date such as"),
        ("created>2024-13", 8, "write a date such as"),
        ("cost>x", 5, "write an amount"),
        ('name:"open', 5, "has no end"),
        ("/open", 0, "has no end"),
        ("/(/", 0, "does not work"),
        ("/(a+)+/", 0, "repeat inside a repeat"),
        ("is:gone", 3, "is: takes marked"),
        ("is:lates", 3, "did you mean is:latest?"),
        ("is:", 3, "it needs one of them"),
        ("-", 0, "stands before nothing"),
        ("web - db", 4, "stands before nothing"),
        ('""', 0, "nothing stands between"),
        ("type:volumes", 5, "did you mean volume?"),
        ("-type:vol", 6, "did you mean volume?"),
        ("type:droplet,x", 13, "type: takes droplet, volume"),
        ("state:lost", 6, "state: takes exists, gone, unknown"),
        ("state:ex*,g?", 10, "state: takes"),
        ("month:2024", 6, "write a month as 2024-01"),
        ("month:2024-13", 6, "write a month as 2024-01"),
        ("nth>0", 4, "write a whole number"),
        ("of>some", 3, "write a whole number"),
        ("growth>x3", 7, "write how many times as large"),
        ("family-nth>many", 11, "write a whole number"),
        ("and web", 0, "put a term before and"),
        ("web or", 4, "put a term after or"),
        ("web or and db", 7, "put a term before and"),
        ("not", 0, "put a term after not"),
        ("web (", 4, "stands before nothing"),
        ("(web", 0, "close this ("),
        ("web)", 3, "closes nothing"),
        ("web () db", 4, "nothing stands between the parentheses"),
        ("web && db", 4, "write and for &&"),
        ("web | db", 4, "write or for |"),
        ("> 1y", 0, "put a field before this"),
        ("foo > 1y", 4, "put a field before this"),
        ("20GB<size", 4, "put a field first"),
        ("vol-*,db-*", 5, "write name:one,other"),
        ("region:(nyc1 or nyc3)", 7, "write region:one,other"),
        ("web-[a", 4, "close it with ]"),
        ("x web-{a", 6, "close it with }"),
        ("web}-*", 3, "closes nothing"),
        ("web-[z-a]", 4, "does not work"),
        ("name:" + "{a,b}" * 7, 5, "stand for at most 64"),
        ("(" * 60 + "web" + ")" * 60, 40, "at most 40 deep"),
        ("-" * 60 + "web", 40, "at most 40 deep"),
        ("(" * 50_000, 4_096, "at most 4,096 characters"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(query: str, position: int, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert caught.value.position == position
    assert said in str(caught.value)
    assert len(str(caught.value)) <= 76, "an error is whole on a screen of 80 columns"


def test_a_type_that_only_the_list_knows_is_a_type() -> None:
    known = Vocabulary({"volume", "filesystem"})
    assert str(parse("type:filesystem type:file* type:=filesystem", known))
    for query in ("type:files", "type:=volumes", "type:x*", "/x/ type:/^x/"):
        with pytest.raises(UnknownValueError):
            parse(query, known)
    with pytest.raises(UnknownValueError, match="did you mean filesystem"):
        parse("type:filesystems", known)


@pytest.mark.parametrize(
    ("query", "printed"),
    [
        ("a b or c", "a b or c"),
        ("a or b c or d", "a or b c or d"),
        ("(a or b) c", "(a or b) c"),
        ("not a b", "-a b"),
        ("not (a b)", "-(a b)"),
        ("a and not b or c", "a -b or c"),
        ('"and" or "or"', '"and" or "or"'),
        ("$(date) or web(1)", '"$(date)" or "web(1)"'),
        ("age > 20 d", "age>20d"),
        ("size >= 1.5 TB)".rstrip(")"), "size>=1.5TB"),
        ("name = a,b", "name:=a,=b"),
        ("not(a)or(b)", "-a or b"),
    ],
)
def test_how_a_query_is_understood(query: str, printed: str) -> None:
    assert str(parse(query)) == printed


@pytest.mark.parametrize("name", ["a" * 300, "ab" * 150, "web-1" + "-" * 200])
@pytest.mark.parametrize("query", ["*a*a*a*a*a*a*a*a*a*a*bb", "name:{*a*a,*b*a*a}*{a,b}*a*b*c", "*?*?*?*?*?*?*?*zz"])
def test_no_pattern_takes_long(query: str, name: str) -> None:
    assert not parse(query).matches(snapshot(name=name), CONTEXT)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
REGEXES = st.sampled_from(["a.b", "^web-[0-9]+$", "a/b", r"\d{3}", "(x|y)", r"\\", r"\\/", r"\."])


PIECES = st.sampled_from(
    ["a", "1", "-", "web", "*", "?", "[a-c1]", "[!b]", "[]-]", "{a,b}", "{web,{1,-}x}", "{,a}", "(b)"]
)
GLOBS = (
    st.lists(PIECES, min_size=1, max_size=4)
    .map("".join)
    .filter(lambda text: not set("*?[{").isdisjoint(text) and text[0] not in "-(" and text.count("{") < 6)
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
    Measure.NTH: ["1", "2", "300"],
    Measure.FAMILY_NTH: ["1", "2"],
    Measure.OF: ["1", "2", "24"],
    Measure.GROWTH: ["1", "1.5", "3"],
}


def the_term(text: str) -> Term:
    (term,) = parse(text).terms
    return term


MEASURES = st.sampled_from(sorted(AMOUNTS)).flatmap(
    lambda measure: st.builds(
        MeasureTerm,
        st.just(measure),
        st.sampled_from([">", ">=", "<", "<=", "="]),
        st.sampled_from(AMOUNTS[measure]).map(PARSERS[measure]),
    )
)
CLOSED = {
    Field.TYPE: ["volume", "droplet", "unknown"],
    Field.STATE: ["exists", "gone", "unknown"],
    Field.MONTH: ["2023-11", "2022-10", "unknown"],
}
FIELDS = st.sampled_from(Field).flatmap(
    lambda field: st.builds(
        FieldTerm,
        st.just(field),
        st.lists(
            st.builds(Value, st.sampled_from(CLOSED[field]), st.sampled_from([Form.WORD, Form.EXACT]))
            if field in CLOSED
            else values(st.sampled_from(Form)) | st.sampled_from(["none", "unknown", "web", "nyc3", "77"]).map(Value),
            min_size=1,
            max_size=3,
        ).map(tuple),
    )
)
KNOWABLE: st.SearchStrategy[Term] = st.one_of(
    st.builds(TextTerm, values(st.sampled_from([Form.WORD, Form.GLOB, Form.REGEX]))),
    st.sampled_from(["web", "1", "keep", "nyc"]).map(lambda text: TextTerm(Value(text))),
    MEASURES,
    st.sampled_from(["tag:web", "tag:keep,we*", "region:nyc3", "month:2022-10", "type:volume"]).map(the_term),
    st.sampled_from(["source:77", "source:=78", "source:d*", "state:gone", "state:exists", "is:orphan"]).map(the_term),
    st.sampled_from([Flag.MARKED, Flag.UNTAGGED, Flag.DAMAGED]).map(FlagTerm),
)
TERMS: st.SearchStrategy[Term] = st.one_of(
    KNOWABLE, FIELDS, st.builds(FlagTerm, st.sampled_from(Flag)), st.builds(UnknownTerm, st.sampled_from(Measure))
)


def trees(terms: st.SearchStrategy[Term]) -> st.SearchStrategy[Expression]:
    def deeper(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        several = st.lists(parts, min_size=2, max_size=3).map(tuple)
        return st.one_of(st.builds(Not, parts), st.builds(And, several), st.builds(Or, several))

    return st.recursive(terms, deeper, max_leaves=5)


QUERIES = st.builds(Query, st.none() | trees(TERMS))
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


ROWS = st.lists(SNAPSHOTS, max_size=6, unique_by=lambda row: row.id)
LISTS = st.builds(
    SourceList,
    st.sampled_from([{}, {"77": "db-primary"}, {"78": "web-1"}]),
    st.sampled_from([None, "could not be read"]),
)
ALL_SOURCES = st.builds(Sources, LISTS, LISTS)


def context_of(snapshots: Snapshots, sources: Sources) -> QueryContext:
    return QueryContext(now=NOW, marked={"1"}, places=snapshots.places, sources=sources)


@settings(max_examples=500)
@given(QUERIES, ROWS, ALL_SOURCES, st.booleans())
def test_selecting_agrees_with_asking_each_row(
    query: Query, rows: list[Snapshot], sources: Sources, sorted_ahead: bool
) -> None:
    snapshots = Snapshots(rows)
    if sorted_ahead:
        snapshots.sort_ahead(SortKey)
    context = context_of(snapshots, sources)
    verdicts = [query.verdict(row, context) for row in rows]
    for _ in range(2):
        selection = select(query, snapshots, context)
        assert selection.matching.flags == bytes(verdict is True for verdict in verdicts)
        assert selection.unjudged.flags == bytes(verdict is None for verdict in verdicts)
        assert max((doubt.count for doubt in selection.doubts), default=0) <= selection.unjudged.count
        assert sum(doubt.count for doubt in selection.doubts) >= selection.unjudged.count
        assert selection.unread <= selection.unjudged.count


COMPLETIONS = st.tuples(
    st.sampled_from([0.5, 7.0, 1500.0]),
    st.sampled_from([NOW, NOW - 400 * DAY]),
    st.sampled_from([(), ("keep",), ("web", "x")]),
    st.sampled_from([0, 25]),
    st.sampled_from(["77", "78"]),
)


@settings(max_examples=500)
@given(st.builds(Query, trees(KNOWABLE)), SNAPSHOTS, ALL_SOURCES, COMPLETIONS, st.sampled_from([{}, {"77": "keep"}]))
def test_a_verdict_holds_whatever_the_unknown_turns_out_to_be(
    query: Query,
    row: Snapshot,
    sources: Sources,
    known: tuple[float, float, tuple[str, ...], int, str],
    names: dict[str, str],
) -> None:
    size, created, tags, disk, source = known
    whole = replace(
        row,
        size_gigabytes=size if row.size_gigabytes is None else row.size_gigabytes,
        created=created if row.created is None else row.created,
        tags=tags if row.tags is None else row.tags,
        min_disk_size=disk if row.min_disk_size is None else row.min_disk_size,
        resource_id=source if row.resource_id is None else row.resource_id,
    )
    droplets, volumes = (
        listed if listed.problem is None else SourceList({**names, **listed.names}, None)
        for listed in (sources.droplets, sources.volumes)
    )
    verdict = query.verdict(row, context_of(Snapshots([row]), sources))
    judged = query.verdict(whole, context_of(Snapshots([whole]), Sources(droplets, volumes)))
    assert judged is not None
    assert verdict in (None, judged)


@given(TERMS, SNAPSHOTS, ALL_SOURCES)
def test_nothing_matches_a_term_and_its_negation(term: Term, row: Snapshot, sources: Sources) -> None:
    context = context_of(Snapshots([row]), sources)
    assert not Query(And((term, Not(term)))).matches(row, context)
    assert Query(Or((term, Not(term)))).verdict(row, context) in (True, None)


@given(st.lists(st.sampled_from("ab1-"), max_size=6).map("".join), GLOBS)
def test_a_pattern_fits_what_its_pieces_spell_out(text: str, glob: str) -> None:
    assert bool(Value(glob, Form.GLOB).finds(text)) == naively_fits(glob, text)


def naively_fits(glob: str, text: str) -> bool:
    """Match by trying every way, character by character."""
    if glob.startswith("{"):
        depth, at = 0, 0
        choices = [""]
        while True:
            character = glob[at]
            depth += (character == "{") - (character == "}")
            if depth == 0:
                break
            if character == "," and depth == 1:
                choices.append("")
            elif (character, depth) != ("{", 1):
                choices[-1] += character
            at += 1
        return any(naively_fits(choice + glob[at + 1 :], text) for choice in choices)
    if not glob:
        return not text
    if glob[0] == "*":
        return any(naively_fits(glob[1:], text[n:]) for n in range(len(text) + 1))
    if glob[0] == "[":
        end = glob.index("]", 3 if glob[1] == "!" else 2)
        members = {"a-c1": "abc1", "!b": "b", "]-": "]-"}[glob[1:end]]
        fits = bool(text) and (text[0] in members) != (glob[1] == "!")
        return fits and naively_fits(glob[end + 1 :], text[1:])
    return bool(text) and glob[0] in ("?", text[0]) and naively_fits(glob[1:], text[1:])


def test_a_size_in_any_unit_is_the_number_that_is_written() -> None:
    for megabytes in range(1, 3_000):
        for text in (f"{megabytes}MB", f"{megabytes / 1_000}GB", f"{megabytes / 1_000_000:.6f}TB"):
            row = replace(ROW, size_gigabytes=megabytes / 1_000)
            told = [parse(f"size{sign}{text}").verdict(row, CONTEXT) for sign in ("<", "<=", "=", ">=", ">")]
            assert told == [False, True, True, True, False], text
