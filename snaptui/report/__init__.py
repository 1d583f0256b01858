"""Snapshots and audits written down: tables, JSON, CSV, Markdown. For the command line and the screen alike.

A form of export is a row in `export` and a function in `formats`.
"""
