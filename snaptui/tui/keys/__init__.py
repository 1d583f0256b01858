"""Keys: one at a time, and pastes that landed in the wrong place."""
