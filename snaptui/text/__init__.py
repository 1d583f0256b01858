"""Texts for the command line and the screen alike, made of values: safe, aligned, in plain words. Pure."""
