"""Settings, credentials and paths, and where each came from."""
