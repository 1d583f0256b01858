"""`snaptui history`: what was deleted before, from the journal."""

import sys

from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.wiring import UsageError
from snaptui.deletion import receipt
from snaptui.deletion.journal import Journal, JournalError
from snaptui.text.safe import visible


def run(journal: Journal, form: str) -> int:
    """Print every batch that was recorded, oldest first."""
    try:
        recorded = journal.history()
    except JournalError as error:
        raise UsageError(str(error)) from None
    for batch in recorded:
        for problem in batch.problems:
            print(f"snaptui: {visible(problem)}", file=sys.stderr)
    jobs = [batch.as_batch for batch in recorded if batch.as_batch is not None]
    if form == "json":
        print(receipt.as_json(jobs), end="")
    elif form == "csv":
        print(receipt.as_csv(jobs), end="")
    else:
        for row in receipt.rows(jobs):
            values = [row["at"], row["account"], row["outcome"] or "never sent", row["id"], row["name"], row["reason"]]
            print("  ".join(visible(str(value)) for value in values if value is not None))
    return ExitCode.FINE
