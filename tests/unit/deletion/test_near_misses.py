import pytest

from snaptui.deletion.near_misses import NearMisses
from snaptui.model.snapshot import Snapshot
from snaptui.query import parse

RULES = (parse("tag:keep"), parse("tag:env:prod or name:db"), parse("tag:do-*"))


def tagged(*tags: str) -> Snapshot:
    return Snapshot("1", "web", None, None, (), None, None, None, "droplet", tags)


@pytest.mark.parametrize("tag", ["keep ", " keep", "ke-ep", "env-prod", "ENV:PROD ", "Keep:"])
def test_a_tag_that_is_nearly_a_protected_one_is_worth_a_word(tag: str) -> None:
    (warning,) = NearMisses(RULES).warnings(tagged("web", tag))
    assert f'"{tag}" is nearly the protected' in warning


@pytest.mark.parametrize("tag", ["keep", "KEEP", "keeper", "env:prod", "do", "web"])
def test_a_protected_tag_and_another_one_are_none(tag: str) -> None:
    assert list(NearMisses(RULES).warnings(tagged(tag))) == []
