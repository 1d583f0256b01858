"""Settings, credentials, doctl's file and paths, and where each value came from."""
