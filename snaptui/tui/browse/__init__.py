"""Browsing: the table of snapshots with its filter, bars and detail pane."""
