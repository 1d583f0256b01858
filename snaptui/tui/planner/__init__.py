"""The keep policy screen: what a retention policy keeps and removes, while it is typed."""
