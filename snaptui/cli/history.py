"""`snaptui history`: what was deleted before, from the journal."""

from argparse import Namespace

from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.failures import say
from snaptui.cli.wiring import journal_in
from snaptui.deletion import receipt
from snaptui.text.safe import visible


def run(options: Namespace) -> int:
    """Print every batch that was recorded, oldest first."""
    recorded, form = journal_in().history(), options.output
    for batch in recorded:
        for problem in batch.problems:
            say(problem)
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
