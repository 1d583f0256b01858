"""One snapshot, whole."""
