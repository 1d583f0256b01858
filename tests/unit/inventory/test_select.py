"""Rows are found in texts that are searched as one; each row's own verdict says which are right."""

from hypothesis import given, settings
from hypothesis import strategies as st

from snaptui.inventory.select import select
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import Snapshot
from snaptui.query import Query, QueryContext, parse
from snaptui.query.terms import Field, FieldTerm, Form, Term, TextTerm, Value
from snaptui.query.tree import Not

CONTEXT = QueryContext(now=0.0)
# Separators of every kind, and letters that become others, or more, when case is folded.
ODD = "\n\x1f\0\r\u2028\u001eßſKİıǰΐﬁÅé😀א"
LETTERS = st.sampled_from("abkis-1" + ODD)
TEXTS = st.text(LETTERS, max_size=4) | st.text(max_size=4)
WORDS = st.lists(TEXTS, max_size=2).map(tuple)
Fields = tuple[str, str, tuple[str, ...], tuple[str, ...] | None]
FIELDS = st.tuples(st.text(LETTERS, min_size=1, max_size=3), TEXTS, WORDS, st.none() | WORDS)
LISTS = st.lists(FIELDS, max_size=8, unique_by=lambda fields: fields[0])
NEEDLES = st.text(LETTERS, min_size=1, max_size=3) | st.text(min_size=1, max_size=3)


def snapshot(fields: Fields) -> Snapshot:
    row_id, name, regions, tags = fields
    return Snapshot(row_id, name, None, None, regions, None, None, None, "droplet", tags)


def query_of(term: Term, *, negated: bool = False) -> Query:
    return Query(Not(term) if negated else term)


def agrees(query: Query, rows: list[Snapshot], snapshots: Snapshots, context: QueryContext = CONTEXT) -> None:
    selection = select(query, snapshots, context)
    verdicts = [query.verdict(row, context) for row in rows]
    assert selection.matching.flags == bytes(verdict is True for verdict in verdicts)
    assert selection.unjudged.flags == bytes(verdict is None for verdict in verdicts)


@settings(max_examples=300)
@given(LISTS, NEEDLES, st.booleans())
def test_a_word_is_found_where_a_field_has_it_and_never_across_two(
    fields: list[Fields], needle: str, negated: bool
) -> None:
    rows = list(map(snapshot, fields))
    agrees(query_of(TextTerm(Value(needle)), negated=negated), rows, Snapshots(rows))


@settings(max_examples=200)
@given(
    LISTS, st.sampled_from("abkis-1"), st.sampled_from(["", "^"]), st.sampled_from(["", "+", "*", "?", "{0}", "$", "."])
)
def test_a_regular_expression_is_tried_wherever_its_first_letters_may_be(
    fields: list[Fields], letters: str, start: str, end: str
) -> None:
    rows = list(map(snapshot, fields))
    for text in (start + letters + end, start + "b" + letters + end, f"{start}{letters}{end}|b"):
        agrees(query_of(TextTerm(Value(text, Form.REGEX))), rows, Snapshots(rows))


@settings(max_examples=200)
@given(LISTS, st.sampled_from([Field.TAG, Field.REGION, Field.TYPE]), NEEDLES, st.booleans())
def test_words_that_rows_have_in_common_are_judged_for_all_of_them(
    fields: list[Fields], field: Field, word: str, negated: bool
) -> None:
    rows = list(map(snapshot, fields))
    agrees(query_of(FieldTerm(field, (Value(word), Value("b"))), negated=negated), rows, Snapshots(rows))


@given(LISTS, LISTS, NEEDLES)
def test_a_list_that_grows_is_searched_to_its_own_end(first: list[Fields], more: list[Fields], needle: str) -> None:
    short = Snapshots(map(snapshot, first))
    long = short.merged(map(snapshot, more))
    for snapshots in (short, long, short):
        agrees(query_of(TextTerm(Value(needle))), list(snapshots), snapshots)


def named(number: int) -> Snapshot:
    # One name in a few hundred is written in letters that are wider than all others.
    name = f"WEB-{number}" if number % 700 else f"Größe-😀-{number}"
    tags = ("web", f"n{number % 13}") if number % 3 else None
    return Snapshot(str(number), name, None, float(number % 99), ("nyc1",), 1, number % 50, None, "volume", tags)


def test_thousands_of_rows_are_found_whether_few_or_many_of_them_match() -> None:
    rows = [named(number) for number in range(5_000)]
    snapshots = Snapshots()
    for start in range(0, len(rows), 777):
        snapshots = snapshots.merged(rows[start : start + 777])
    for text in ("web", "e", "1", "17", "-4999", "grösse", "GRÖSSE", "😀-7", "n12", "zzz", "-web", "web n3 -12"):
        agrees(parse(text), rows, snapshots)
    for text in ("/^web-1/", "/^größe/", "/web-.*7$/", "web-*9", "size>=20", "-size<7", "tag:n3", "-tag:web", "age<1h"):
        agrees(parse(text), rows, snapshots)
    for text in (
        "id:4*",
        "id:=17",
        "name:{web-1,größe}*",
        "*-7",
        "*[89]*",
        "name:=WEB-12",
        "name:1",
        "id:9",
        "/(1|2)9$/",
    ):
        agrees(parse(text), rows, snapshots)
    assert select(parse("web"), snapshots, CONTEXT).matching.count == 5_000 - 8 + sum(
        n % 700 == 0 and n % 3 > 0 for n in range(5_000)
    )
