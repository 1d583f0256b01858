"""What things are: snapshots, queries, plans. Pure: no I/O, no async, no clock."""
