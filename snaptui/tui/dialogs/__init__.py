"""Dialogs: help, token, export, leaving."""
