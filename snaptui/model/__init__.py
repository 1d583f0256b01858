"""Facts about an account: snapshots, families, sources, cost, coverage, token. Pure: no I/O, no async, no clock."""
