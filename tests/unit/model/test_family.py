from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snaptui.model.family import STAMP_ONLY, family_of

MOMENTS = st.integers(946_684_800, 2_208_988_799).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
FORMS = st.sampled_from(
    [
        "%Y-%m-%d",
        "%Y_%m_%d",
        "%Y.%m.%d",
        "%Y%m%d",
        "%d.%m.%Y",
        "%m/%d/%Y",
        "%Y-%m",
        "%G-W%V",
        "%d-%b-%Y",
        "%B %d, %Y",
        "%Y-%b-%d",
        "%b-%Y",
        "%Y-%m-%dT%H:%M:%SZ",
        "%Y-%m-%dT%H:%M:%S.%f+00:00",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%d-%H-%M-%S",
        "%Y%m%d%H%M",
        "%Y%m%d%H%M%S",
        "%Y%m%dT%H%M%SZ",
        "%Y%m%d-%H%M%S",
        "%Y-%m-%d at %H.%M",
        "%a %b %d %H:%M:%S UTC %Y",
        "%H:%M:%S",
        "%H:%M",
    ]
)
HEX = st.text("0123456789abcdef", min_size=8, max_size=64).filter(
    # Ten digits of a number, or a word and a number, may mean something else.
    lambda text: (not text.isalpha() and not text.lstrip("abcdef").isdigit()) or len(text) == 32
)
STAMPS = st.one_of(
    st.builds(datetime.strftime, MOMENTS, FORMS),
    st.integers(1_000_000_000, 2_999_999_999).flatmap(
        lambda s: st.sampled_from([str(s), f"{s}123", f"{s}123456", f"{s}123456789"])
    ),
    st.uuids().map(str),
    st.uuids().map(lambda uuid: uuid.hex.upper()),
    HEX,
)
MACHINES = st.builds(
    "{}{}{}".format,
    st.sampled_from(["web", "db-primary", "pvc", "cafe", "mayor", "x", "Größe", "10.0.0"]),
    st.sampled_from(["-", "_", ""]),
    # A machine that is numbered like a year or a day, before a stamp that begins with a month, reads as a date.
    st.integers(0, 99_999).filter(lambda number: not 1970 <= number < 2050 and number not in range(1, 32)).map(str),
)
SEPARATORS = st.sampled_from(["-", "_", ".", " ", "--", " - ", "@"])
TAILS = st.sampled_from(["", "-pre-migration", " of web", ".img", "_golden"])


@given(MACHINES, SEPARATORS, STAMPS, SEPARATORS, STAMPS, TAILS)
def test_names_that_differ_only_in_a_stamp_are_one_family(
    machine: str, one_sign: str, one: str, other_sign: str, other: str, tail: str
) -> None:
    names = [machine + one_sign + one + tail, machine + other_sign + other + tail]
    assert [family_of(name) for name in names] == [machine + tail] * 2


@given(STAMPS, st.sampled_from(["web-1", "db primary", "x"]))
def test_a_stamp_in_front_or_in_brackets_belongs_to_no_family_either(stamp: str, machine: str) -> None:
    assert family_of(f"{stamp}-{machine}") == machine
    assert family_of(f"{machine} ({stamp})") == machine
    assert family_of(f"[{stamp}] {machine}") == machine


@given(STAMPS)
def test_a_name_that_is_all_stamp_has_a_family_of_its_own(stamp: str) -> None:
    assert family_of(stamp) == STAMP_ONLY


@given(st.integers(0, 9_999_999), st.integers(0, 9_999_999), st.sampled_from(["web-{}", "web{}", "node {} golden"]))
def test_the_number_of_a_machine_is_no_stamp(one: int, other: int, name: str) -> None:
    names = name.format(one), name.format(other)
    assert (family_of(names[0]) == family_of(names[1])) == (one == other)
    assert family_of(names[0]) == names[0]


@pytest.mark.parametrize(
    "name",
    [
        "web-1",
        "ubuntu-22.04-x64",
        "win-2019",
        "ip-10-20-30-40",
        "node-100512",
        "v1.2.3",
        "deadbeef-1",
        "march-1",
        "may",
        "10.0.0.12",
        "k8s-1-29-1",
        "release 2.0",
        "facade-decade",
        "",
    ],
)
def test_a_name_without_a_stamp_is_its_own_family(name: str) -> None:
    assert family_of(name) == name


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("pg-data-nightly-2026-11-25", "pg-data-nightly"),
        ("web-01-1595954862243", "web-01"),
        ("snapshot-3f2504e0-4f89-11d3-9a0c-0305e82c3301", "snapshot"),
        ("db20240131", "db"),
        ("bead202401311200", "bead"),
        ("backup (2024-01-31 12:00) of web", "backup of web"),
        ("web-12-01-2024-01-31", "web-12-01"),
        ("backup Tue Nov  5 16:54:34 UTC 2026", "backup"),
        ("db-2024-01-31 at 10.15.33 PM", "db"),
        ("2024-01-31 web 2024-02-01", "web"),
        ("image-20240131.2", "image.2"),
    ],
)
def test_what_is_left_of_a_name(name: str, family: str) -> None:
    assert family_of(name) == family


@given(st.text(max_size=60))
def test_any_name_has_a_family(name: str) -> None:
    assert family_of(name) or not name


@given(st.sampled_from(["2024-", "1", "a", "Jan ", "12:", ("0" * 19), "[", "2024-01-01T"]), st.integers(0, 4_000))
def test_no_name_takes_long(piece: str, times: int) -> None:
    assert len(family_of(piece * times)) <= len(piece) * times or not times


def test_a_uuid_is_no_machine() -> None:
    assert family_of(f"pvc-{UUID(int=0)}") == "pvc"
