"""Near misses of protection: tags that are written almost as a protected one."""

from collections.abc import Iterable, Iterator

from snaptui.model.snapshot import Snapshot
from snaptui.query import Query
from snaptui.query.terms import Field, FieldTerm


class NearMisses:
    """The tags that rules protect, told apart from those that are almost the same."""

    def __init__(self, rules: Iterable[Query]) -> None:
        self._protected = {
            _plain(value.text): value
            for rule in rules
            for term in rule.terms
            if isinstance(term, FieldTerm) and term.field is Field.TAG
            for value in term.values
            if not value.is_pattern
        }
        self._known: dict[str, str | None] = {}

    def warnings(self, snapshot: Snapshot) -> Iterator[str]:
        """Yield a warning for each tag that differs from a protected one only in spaces, case, hyphens or colons."""
        for tag in snapshot.tags or () if self._protected else ():
            if tag not in self._known:
                self._known[tag] = self._warning(tag)
            if (said := self._known[tag]) is not None:
                yield said

    def _warning(self, tag: str) -> str | None:
        value = self._protected.get(_plain(tag))
        if value is None or tag.casefold() == value.folded:
            return None
        return f'its tag "{tag}" is nearly the protected "{value.text}", and does not protect it'


def _plain(tag: str) -> str:
    return "".join(character for character in tag.casefold() if character.isalnum())
