"""Audits of a list of snapshots: groups, findings, retention, comparison. Pure: no I/O, no clock."""
