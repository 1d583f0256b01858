"""Totals of a listing, as a line for people or as data."""

import json

from snaptui.model.cost import Totals
from snaptui.text.amounts import count, total_gigabytes, usd_per_month


def in_words(totals: Totals, listed: int, *, shown: int) -> str:
    """Return `31 of 240 snapshots, 212 GB, $12.72/mo; shown: the first 10`.

    `listed` is how many the account has, `shown` how many of those that match were printed.
    """
    number = count(listed, "snapshot")
    of = number if totals.count == listed else f"{totals.count:,} of {number}"
    parts = [f"{of}, {total_gigabytes(totals.gigabytes)}, {usd_per_month(totals.monthly_usd)}"]
    if totals.unsized:
        parts.append(f"the size of {totals.unsized:,} is not known and not in it")
    if shown < totals.count:
        parts.append(f"shown: the first {shown:,}")
    return "; ".join(parts)


def as_data(totals: Totals, listed: int, form: str) -> str:
    """Return the totals alone, in a form of `--output`."""
    values = {
        "count": totals.count,
        "of": listed,
        "size_gigabytes": round(totals.gigabytes, 2),
        "monthly_usd": totals.monthly_usd,
        "unsized": totals.unsized,
    }
    if form in ("json", "jsonl"):
        return json.dumps(values, indent=2 if form == "json" else None) + "\n"
    if form == "csv":
        return f"{','.join(values)}\n{','.join(map(str, values.values()))}\n"
    return in_words(totals, listed, shown=totals.count) + "\n"
