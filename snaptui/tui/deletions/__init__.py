"""Deletions under way and ended, and what an earlier run left open."""
