"""The list engine: an account's snapshots, filtered, sorted and marked, instant with 100,000 of them. Pure."""
