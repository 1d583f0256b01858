"""Audit report as JSON. Costs are US cents a month, moments ISO 8601 in UTC, what is not known null."""

import json
from datetime import UTC, datetime

from snaptui.audit.comparison import Comparison
from snaptui.audit.findings import Finding
from snaptui.audit.groups import Group
from snaptui.audit.machines import Machine, Uncovered
from snaptui.model.cost import Totals
from snaptui.report.audit import AuditReport, GroupTable

Value = dict[str, object]


def as_json(report: AuditReport) -> str:
    """Return the report as one indented JSON object."""
    account = report.account
    value: Value = {
        "made_at": _moment(report.made),
        "listed_at": _moment(report.listed),
        "account": None if account is None else {"uuid": account.uuid, "team_uuid": account.team_uuid},
        "api_url": report.api_url,
        "query": report.query,
        "complete": report.coverage.complete,
        "missing": report.coverage.shortfall,
        "price_per_gb_month": report.usd_per_gb_month,
        "totals": _totals(report.totals),
        "groups": {str(table.dimension): _table(table) for table in report.tables},
        "findings": [_finding(finding) for finding in report.findings],
        "not_covered": {uncovered.kind: _uncovered(uncovered) for uncovered in report.machines},
        "not_judged": [*report.problems, *([report.unjudged] if report.unjudged else [])],
        "months": [_group(group) for group in report.months],
    }
    if report.earlier is not None:
        value["compared_with"] = {"listed_at": _moment(report.earlier.saved), **_changes(report.earlier.comparison)}
    return json.dumps(value, indent=2) + "\n"


def _moment(seconds: float | None) -> str | None:
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
    except (OverflowError, ValueError, OSError):
        return None


def _totals(totals: Totals) -> Value:
    return {
        "count": totals.count,
        "gigabytes": round(totals.gigabytes, 2),
        "monthly_cents": totals.cents,
        "of_unknown_size": totals.unsized,
    }


def _group(group: Group) -> Value:
    return {
        "name": group.label,
        "query": group.query,
        "count": group.count,
        "gigabytes": round(group.gigabytes, 2),
        "monthly_cents": group.cents,
        "of_unknown_size": group.unsized,
        "oldest": _moment(group.oldest),
        "newest": _moment(group.newest),
        "source_state": None if group.naming.state is None else str(group.naming.state),
    }


def _table(table: GroupTable) -> Value:
    return {
        "count": table.count,
        "monthly_cents": table.cents,
        "overlap": table.overlaps,
        "groups": [_group(group) for group in table.groups],
    }


def _finding(finding: Finding) -> Value:
    found = _totals(finding.totals) if finding.made else dict.fromkeys(_totals(finding.totals))
    return {
        "check": finding.name,
        "title": finding.title,
        "why": finding.why,
        "query": finding.query,
        **found,
        "not_judged": finding.unjudged,
        "not_judged_because": finding.problem or None,
    }


def _uncovered(uncovered: Uncovered) -> Value:
    if uncovered.problem:
        return {"cannot_be_told_because": uncovered.problem, "without_snapshot": None, "without_new_snapshot": None}
    without = [machine for machine in uncovered.machines if machine.newest is None]
    stale = [machine for machine in uncovered.machines if machine.newest is not None]
    return {
        "cannot_be_told_because": None,
        "without_snapshot": [_machine(machine) for machine in without],
        "without_new_snapshot": [_machine(machine) for machine in stale],
        "of_unknown_date": uncovered.undated,
    }


def _machine(machine: Machine) -> Value:
    return {
        "id": machine.id,
        "name": machine.name,
        "newest": _moment(machine.newest),
        "kept_by": str(machine.keeper),
    }


def _changes(comparison: Comparison) -> Value:
    return {
        "added": _totals(comparison.added),
        "added_unsure": comparison.added_unsure,
        "gone": None if comparison.gone is None else _totals(comparison.gone),
        "resized": comparison.resized,
        "size_unsure": comparison.size_unsure,
        "monthly_cents": comparison.cents,
        "groups": [
            {"name": group.label, "added": group.added, "gone": group.gone, "monthly_cents": group.cents}
            for group in comparison.groups
        ],
    }
