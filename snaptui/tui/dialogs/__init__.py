"""Help, the token, leaving."""
