"""Export: snapshots written to a file whose ending says the format; each format is a function of `formats`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from snaptui.files.private import write_private
from snaptui.model.snapshot import Snapshot
from snaptui.report.fields import API_FIELDS, CSV_FIELDS, Facts, fields_named
from snaptui.report.formats import pieces

FORMS: Final = {
    ".csv": ("csv", CSV_FIELDS),
    ".json": ("json", (*API_FIELDS, *fields_named("cost,source,state,nth,of,family"))),
    ".md": ("markdown", fields_named("id,name,type,size,cost,created,regions,tags")),
}
ENDINGS: Final = f"{', '.join(list(FORMS)[:-1])} or {list(FORMS)[-1]}"


class ExportError(ValueError):
    """A path that nothing can be exported to: why not."""


def export_path(text: str) -> Path:
    """Return the path that was typed, `~` being the home folder; raises `ExportError` for one without a known form."""
    if not text.strip():
        raise ExportError(f"type a path that ends in {ENDINGS}")
    try:
        path = Path(text.strip()).expanduser()
    except RuntimeError:
        raise ExportError(f"there is no such home folder: {text}") from None
    if path.suffix.lower() not in FORMS:
        raise ExportError(f"the path must end in {ENDINGS}")
    return path


def export(path: Path, rows: Sequence[Snapshot], facts: Facts) -> None:
    """Write the rows in the form of the path's ending, private to the user (0600). Raises `FileError`."""
    form, fields = FORMS[path.suffix.lower()]
    write_private(path, "".join(pieces(form, rows, fields, facts)).encode())
