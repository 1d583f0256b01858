"""Deleting many snapshots safely in the background. Knows neither Textual nor httpx."""
