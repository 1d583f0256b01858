"""Values to text, for the command line and the screen alike: safe, aligned, in plain words. Pure."""
