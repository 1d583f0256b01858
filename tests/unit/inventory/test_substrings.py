"""Text index: patterns found through the letters they need give the rows that fit one by one."""

import pytest

from snaptui.inventory.substrings import Texts
from snaptui.query import matching
from snaptui.query.terms import Field, Form, Value

NAMES = tuple(
    name for number in range(700) for name in (f"web-{number}", f"old-web-{number}", f"Db-{number}.web", f"x{number}")
)


@pytest.mark.parametrize(
    ("form", "text", "count"),
    [
        (Form.REGEX, "web-6", 2 * 111),
        (Form.REGEX, "^web-6", 111),
        (Form.REGEX, "699", 4),
        (Form.GLOB, "{web,db}-699*", 2),
        (Form.GLOB, "*-699", 2),
        (Form.GLOB, "{web,x}*", 1_400),
        (Form.GLOB, "o*web-6??", 100),
        (Form.EXACT, "web-69", 1),
        (Form.EXACT, "eb-69", 0),
    ],
)
def test_a_pattern_is_found_in_the_rows_that_it_fits(form: Form, text: str, count: int) -> None:
    value = Value(text, form)
    fits = matching.tester(Field.NAME, value)
    found = Texts((name,) for name in NAMES).fitting(value, fits, len(NAMES), lambda start, stop: NAMES[start:stop])
    assert found == bytes(map(bool, map(fits, NAMES)))
    assert found.count(1) == count
