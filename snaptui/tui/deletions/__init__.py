"""Deletions under way and ended: bar with the countdown, list of batches, and the offer of an interrupted one."""
