"""Configuration: settings, credentials, doctl's file, paths, and the origin of each value."""
