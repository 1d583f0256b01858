"""The audit screen: groups by cost, and findings."""
