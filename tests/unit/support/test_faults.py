"""Faults: the request that each of them meets."""

from tests.support.faults import Fault, Faults

LIST = "/v2/snapshots"


def hits(faults: Faults, requests: int = 5, page: str = "1") -> list[bool]:
    return [faults.take("GET", LIST, {"page": page}) is not None for _ in range(requests)]


def test_trouble_comes_after_those_skipped_and_as_often_as_said() -> None:
    assert hits(Faults(Fault(skip=1, times=2))) == [False, True, True, False, False]
    assert hits(Faults(Fault(skip=3, times=None))) == [False, False, False, True, True]
    assert not any(hits(Faults()))


def test_only_requests_that_fit_are_hit_or_counted() -> None:
    faults = Faults(Fault(path=LIST, query={"page": "3"}))
    assert faults.take("DELETE", LIST, {"page": "3"}) is None
    assert faults.take("GET", LIST + "/1", {"page": "3"}) is None
    assert not any(hits(faults, page="2"))
    assert hits(faults, 2, page="3") == [True, False]


def test_method_and_path_are_patterns_of_the_whole() -> None:
    faults = Faults(Fault("GET|DELETE", LIST + "/[0-9]+", times=None))
    assert faults.take("DELETE", LIST + "/12", {}) is not None
    assert faults.take("GET", LIST + "/12", {}) is not None
    assert faults.take("POST", LIST + "/12", {}) is None
    assert faults.take("GET", LIST + "/12x", {}) is None


def test_the_first_that_hits_is_taken_and_the_next_after_it() -> None:
    first, second = Fault(status=500), Fault(status=502)
    faults = Faults(first, second)
    assert [faults.take("GET", LIST, {}) for _ in range(3)] == [first, second, None]


def test_equal_faults_are_counted_apart_and_new_ones_afresh() -> None:
    faults = Faults(Fault(status=500), Fault(status=500))
    assert hits(faults, 3) == [True, True, False]
    faults.add(Fault(status=500))
    assert hits(faults, 2) == [True, False]
    faults.clear()
    assert hits(faults, 1) == [False]
    faults.add(Fault(status=500))
    assert hits(faults, 2) == [True, False]


def test_a_test_can_wait_for_so_many_to_be_taken() -> None:
    faults = Faults(Fault(times=2))
    assert not faults.wait_taken(0)
    hits(faults, 1)
    assert faults.wait_taken(0)
    assert not faults.wait_taken(0, times=2)
    hits(faults, 1)
    assert faults.wait_taken(0, times=2)
