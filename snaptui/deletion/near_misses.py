"""Near misses of protection: tags that are written almost as a protected one."""

from collections.abc import Iterable, Iterator

from snaptui.model.snapshot import Snapshot
from snaptui.query import Query
from snaptui.query.terms import Field, FieldTerm


def near_misses(snapshot: Snapshot, rules: Iterable[Query]) -> Iterator[str]:
    """Yield a warning for each tag that differs from a protected one only in spaces, case, hyphens or colons."""
    protected = {
        _plain(value.text): value
        for rule in rules
        for term in rule.terms
        if isinstance(term, FieldTerm) and term.field is Field.TAG
        for value in term.values
        if not value.is_pattern
    }
    for tag in snapshot.tags or ():
        value = protected.get(_plain(tag))
        if value is not None and tag.casefold() != value.folded:
            yield f'its tag "{tag}" is nearly the protected "{value.text}", and does not protect it'


def _plain(tag: str) -> str:
    return "".join(character for character in tag.casefold() if character.isalnum())
