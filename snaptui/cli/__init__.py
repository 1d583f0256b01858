"""Arguments to settings, parts wired together, exit codes: the one composition root."""
