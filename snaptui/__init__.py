"""A full-screen terminal browser for the snapshots of a DigitalOcean account."""

__version__ = "0.1.0"
