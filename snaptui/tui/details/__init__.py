"""Details: one snapshot, whole."""
