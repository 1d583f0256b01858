"""Widgets and base screens that several rooms of the terminal UI use."""
