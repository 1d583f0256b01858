"""Snapshots and audits written down: tables, JSON, CSV, Markdown. For the command line and the screen alike."""
