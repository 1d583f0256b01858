"""The review: the last look before anything is deleted."""
