"""`snaptui audit`: what the snapshots cost, what could go, what is not covered, what changed."""

import sys
from argparse import Namespace
from pathlib import Path

from snaptui.audit.dimensions import Dimension
from snaptui.audit.findings import Thresholds
from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.failures import UsageError, say
from snaptui.cli.judging import say_unjudged
from snaptui.cli.list import read_query
from snaptui.cli.opened import Opened, open_account, read_saved
from snaptui.cli.saving import destination
from snaptui.files.errors import FileError
from snaptui.report.audit import AuditReport, Question, audit
from snaptui.report.saved import SavedListing, SavedListingError


def run(options: Namespace) -> int:
    """Print the report; the exit code says whether all could be read and judged."""
    text = " ".join(options.query)
    read_query(text)
    destination(options)
    earlier = None if options.compare is None else read_saved(options.compare, "--compare")
    opened = open_account(options)
    query = read_query(text, opened.snapshots.indexes.types)
    if earlier is not None:
        _check(earlier, opened)
    if (path := destination(options)) is not None:
        _save(opened.listing, path)
    by = Dimension(options.by or Dimension.FAMILY)
    every = options.by is None and options.output in ("html", "json")
    question = Question(query, by, every=every, thresholds=_thresholds(opened))
    report = audit(opened.listing, opened.snapshots, question, opened.now, earlier)
    sys.stdout.write(_written(report, options.output))
    sys.stdout.flush()
    code = say_unjudged(query, opened.snapshots, opened.context)
    shortfall = opened.listing.coverage.shortfall
    of_earlier = report.earlier.unread if report.earlier else ()
    for missing in filter(None, (*report.unread, *of_earlier, shortfall)):
        say(missing)
        code = ExitCode.INCOMPLETE
    return code


def _thresholds(opened: Opened) -> Thresholds:
    chosen = opened.settings.audit.value
    return Thresholds(chosen.newest, chosen.old_days, chosen.stale_days, chosen.swollen)


def _check(earlier: SavedListing, opened: Opened) -> None:
    try:
        earlier.check_same_account(opened.listing.account, opened.listing.api_url)
    except SavedListingError as error:
        raise UsageError(f"--compare: {error}") from None


def _save(listing: SavedListing, path: Path) -> None:
    try:
        listing.write(path)
    except FileError as error:
        raise UsageError(f"--save: {error}", ExitCode.NOT_WRITTEN) from None
    say(f"the listing was saved to {path}")


def _written(report: AuditReport, form: str) -> str:
    """Return the report in one of its forms; each is imported when it is asked for."""
    if form == "json":
        from snaptui.report.audit_json import as_json

        return as_json(report)
    if form == "markdown":
        from snaptui.report.audit_markdown import as_markdown

        return as_markdown(report)
    if form == "html":
        from snaptui.report.audit_html import as_html

        return as_html(report)
    from snaptui.report.audit_text import as_text

    return as_text(report)
