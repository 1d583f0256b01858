"""Warnings about the copies that a deletion leaves of families and sources, to the word."""

from collections.abc import Iterable

from snaptui.deletion.copies import Copies
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import PoolList, SourceList, Sources
from tests.unit.audit.rows import row

GONE = Sources(SourceList({}, None), SourceList({}, None), PoolList((), None))
UNKNOWN = Sources()


def there(*ids: str) -> Sources:
    return Sources(SourceList(dict.fromkeys(ids, "db"), None), SourceList({}, None), PoolList((), None))


def image(number: int, family: str = "web", *, source: str | None = "own") -> Snapshot:
    """One of a family, the newest has the lowest number; each of a source of its own unless that is given."""
    of = f"9{number}{len(family)}" if source == "own" else source
    return row(f"{family}{number}", f"{family}-2024-01-{30 - number:02}", source=of, days=2.0 + number)


def said(listed: list[Snapshot], doomed: list[Snapshot], sources: Sources = GONE) -> list[list[str]]:
    copies = Copies(Snapshots(listed), sources, {one.id for one in doomed})
    return [copies.warnings(one) for one in doomed]


def test_each_whole_family_is_said_with_its_number() -> None:
    both = [image(1), image(2), image(1, "mail"), image(2, "mail")]
    grave = "LAST COPY: its source is gone, and this leaves none of the 2 of"
    assert said(both, both) == [[f"{grave} web"], [], [f"{grave} mail"], []]


def test_a_whole_family_of_unknown_sources_is_said_without_the_grave_words() -> None:
    both = [image(1), image(2)]
    assert said(both, both, UNKNOWN) == [["leaves none of the 2 of web"], []]


def test_one_that_is_alone_is_said_by_what_is_known_of_its_source() -> None:
    alone = [row("1", "golden", source="9")]
    assert said(alone, alone) == [["LAST COPY: its source is gone, and no other snapshot has its name"]]
    assert said(alone, alone, there("9")) == [["the only snapshot of its source"]]
    orphan = [row("1", "golden", source=None)]
    assert said(orphan, orphan) == [["its source is not known, so it may be the last copy"]]


def test_one_that_is_not_in_the_list_is_said_as_one_that_is_alone() -> None:
    assert said([], [image(1)]) == [["LAST COPY: its source is gone, and no other snapshot has its name"]]
    assert said([image(2)], [image(1)], there()) == [
        ["LAST COPY: its source is gone, and no other snapshot has its name"]
    ]
    assert said([], [image(1)], UNKNOWN) == [["its source is not known, so it may be the last copy"]]


def test_what_is_left_of_each_family_is_said_from_two_that_go() -> None:
    web, mail = [image(n) for n in (1, 2, 3)], [image(n, "mail") for n in (1, 2, 3)]
    everything = [*web, *mail]
    assert said(everything, [web[1], web[2], mail[1], mail[2]]) == [
        ["leaves 1 of 3 of web"],
        [],
        ["leaves 1 of 3 of mail"],
        [],
    ]
    assert said(everything, [web[1]]) == [[]]
    assert said(everything, [web[0]]) == [["the newest of the 3 of web"]]


def test_what_is_left_is_said_with_the_newest_where_that_goes_too() -> None:
    web = [image(n) for n in (1, 2, 3)]
    assert said(web, [web[2], web[0]]) == [[], ["the newest of the 3 of web", "leaves 1 of 3 of web"]]


def test_each_source_that_loses_all_is_said_once() -> None:
    of = {"8": ["a-1x", "b-1x"], "9": ["c-1x", "d-1x"]}
    rows = [
        row(name, name, source=source, days=3.0 + n) for source, names in of.items() for n, name in enumerate(names)
    ]
    none_left = ["leaves none of the 2 snapshots of its source"]
    assert said(rows, rows, there("8", "9")) == [none_left, [], none_left, []]


def test_a_source_that_loses_all_is_said_although_its_family_goes_on_elsewhere() -> None:
    rows = [
        image(1, source="8"),
        image(2, source="9"),
        image(3, source="9"),
        image(4, source="7"),
        image(5, source="7"),
    ]
    none_left = "leaves none of the 2 snapshots of its source"
    assert said(rows, rows[1:], there("7", "8", "9")) == [["leaves 1 of 5 of web", none_left], [], [none_left], []]
    assert said(rows, rows[1:2], there("8", "9")) == [["the newest snapshot of its source"]]
    assert said(rows, rows[1:], GONE) == [["leaves 1 of 5 of web"], [], [], []]


def test_the_newest_of_a_source_is_said_where_its_family_says_nothing() -> None:
    rows = [row("1", "before", source="9", days=1.0), row("2", "after", source="9", days=2.0)]
    assert said(rows, rows[:1], there("9")) == [["the newest snapshot of its source"]]
    assert said(rows, rows[1:], there("9")) == [[]]
    assert said(rows, rows[:1], GONE) == [[]]
    family = [image(1, source="9"), image(2, source="9")]
    assert said(family, family[:1], there("9")) == [["the newest of the 2 of web"]]


def test_names_of_nothing_but_stamps_make_no_family() -> None:
    rows = [row("1", "2024-01-01", source="8"), row("2", "2024-02-01", source="9", days=2.0)]
    assert said(rows, rows) == [["LAST COPY: its source is gone, and no other snapshot has its name"]] * 2


class Counted(frozenset[str]):
    """Ids that count how often they are asked for one."""

    def __init__(self, _ids: Iterable[str]) -> None:
        self.asked = 0

    def __contains__(self, one: object) -> bool:
        self.asked += 1
        return super().__contains__(one)


def test_a_large_family_is_counted_once_and_not_for_each_of_its_items() -> None:
    listed = [row(f"{number}", f"web-{1_600_000_000 + number}", source="7", days=2.0) for number in range(1_000)]
    doomed = Counted(one.id for one in listed[1:])
    copies = Copies(Snapshots(listed), there("7"), doomed)
    assert [copies.warnings(one) for one in listed[1:]][1:] == [[]] * 998
    assert doomed.asked < 5 * len(listed)
