"""The client in a process of its own, and how the UI process talks to it."""
