"""Texts of a YAML document, taken from the parser's events: nothing in the file is ever built.

Building is what 50,000 nested brackets crash (libyaml's composer recurses in C), what a tag such as `!!int` breaks with
an error that quotes the value, and what aliases and merge keys multiply.
"""

import re
from collections.abc import Iterator
from typing import Final

import yaml

DEEPEST: Final = 16
_STRING_TAG: Final = "tag:yaml.org,2002:str"
_NO_TEXT: Final = re.compile(r"[-+.\d]{0,40}|~|null|true|false|yes|no|on|off", re.IGNORECASE)
"""Plain words that YAML takes for numbers, truth values or nothing; a token of 64 digits is still a text."""

Key = tuple[str, ...]


class YamlError(ValueError):
    """A document that cannot be read; the message is a predicate and quotes nothing of the file."""


def yaml_texts(document: str) -> dict[Key, str | None]:
    """Return the values of the first document's mappings by the lower-case keys that lead to them.

    A plain number, truth value or null is "". `None` is anything else that is not a text: a list, another tag, an alias
    of something that is not a text. Raises `YamlError`.
    """
    # The fast loader is missing where PyYAML was built without libyaml.
    events = yaml.parse(document, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    found: dict[Key, str | None] = {}
    anchors: dict[str, str | None] = {}
    try:
        for key, event in _values(events):
            text = _text(event, anchors)
            if isinstance(event, yaml.ScalarEvent) and event.anchor:
                anchors[event.anchor] = text
            found[key] = text
    except yaml.YAMLError:
        raise YamlError("is not valid YAML") from None
    return found


def _text(event: yaml.NodeEvent, anchors: dict[str, str | None]) -> str | None:
    if isinstance(event, yaml.AliasEvent):
        return anchors.get(event.anchor or "")
    if not isinstance(event, yaml.ScalarEvent) or event.tag not in (None, "!", _STRING_TAG):
        return None
    plain = event.tag is None and not event.style
    return "" if plain and _NO_TEXT.fullmatch(event.value) else event.value


def _values(events: Iterator[yaml.Event]) -> Iterator[tuple[Key, yaml.NodeEvent]]:
    """Yield the value at each key of the mappings, and in place of nested mappings their own values."""
    keys: list[str | None] = []
    mappings = 0  # the first so many of `keys` are of mappings; below a list nothing is of use
    for event in events:
        if isinstance(event, yaml.DocumentEndEvent):
            return
        if isinstance(event, yaml.CollectionEndEvent):
            keys.pop()
            mappings = min(mappings, len(keys))
            _next_key(keys)
        elif isinstance(event, yaml.NodeEvent):
            whole = mappings == len(keys)
            if whole and keys and keys[-1] is None:
                keys[-1] = _key(event)
                continue
            path = tuple(key for key in keys if key is not None)
            if whole and keys and not isinstance(event, yaml.MappingStartEvent):
                yield path, event
            if not isinstance(event, yaml.CollectionStartEvent):
                _next_key(keys)
                continue
            if len(keys) == DEEPEST:
                raise YamlError("is nested too deeply")
            mappings += whole and isinstance(event, yaml.MappingStartEvent)
            keys.append(None)


def _next_key(keys: list[str | None]) -> None:
    if keys:
        keys[-1] = None


def _key(event: yaml.NodeEvent) -> str:
    if isinstance(event, yaml.ScalarEvent) and event.value != "<<":
        return event.value.lower()
    raise YamlError("has a key that is not a word")
