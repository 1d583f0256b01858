"""Texts of a YAML document: only words are taken, and what is hostile costs nothing and is quoted nowhere."""

import pytest

from snaptui.config.yaml_texts import DEEPEST, YamlError, yaml_texts


def test_values_are_found_by_the_keys_that_lead_to_them_in_small_letters() -> None:
    document = "access-token: abc\nAuth-Contexts:\n  Work: def\n  home:\n    deep: ghi\nafter: jkl\n"
    assert yaml_texts(document) == {
        ("access-token",): "abc",
        ("auth-contexts", "work"): "def",
        ("auth-contexts", "home", "deep"): "ghi",
        ("after",): "jkl",
    }


@pytest.mark.parametrize("value", ["12", "1.5", "true", "No", "~", "null", ""])
def test_plain_numbers_truth_values_and_nothing_are_empty(value: str) -> None:
    assert yaml_texts(f"a: {value}") == {("a",): ""}
    assert yaml_texts(f'a: "{value}"') == {("a",): value}


def test_a_token_of_digits_is_a_text() -> None:
    token = "1234567890" * 6 + "1234"
    assert yaml_texts(f"a: {token}") == {("a",): token}


@pytest.mark.parametrize("value", ["[x, y]", "!!int x", "!!python/object:os.system x", "*nobody"])
def test_what_is_no_text_is_none_and_hides_nothing_beside_it(value: str) -> None:
    assert yaml_texts(f"b: 'text'\na: {value}\nc: word\n") == {("b",): "text", ("a",): None, ("c",): "word"}


def test_an_alias_is_the_text_that_it_stands_for() -> None:
    assert yaml_texts("a: &x word\nb: *x\nc: &y [1]\nd: *y\n") == {
        ("a",): "word",
        ("b",): "word",
        ("c",): None,
        ("d",): None,
    }


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ("a: {secret-1234", "is not valid YAML"),
        ("<<: *base\n", "has a key that is not a word"),
        ("? [a, b]\n: c\n", "has a key that is not a word"),
        ("a: " + "[" * 50_000, "is nested too deeply"),
        ("\n".join(" " * depth + "a:" for depth in range(DEEPEST + 1)), "is nested too deeply"),
    ],
)
def test_a_document_that_cannot_be_read_is_refused_without_quoting_it(document: str, why: str) -> None:
    with pytest.raises(YamlError) as raised:
        yaml_texts(document)
    assert str(raised.value) == why


def test_only_the_first_document_counts() -> None:
    assert yaml_texts("a: one\n---\na: two\nb: three\n") == {("a",): "one"}
