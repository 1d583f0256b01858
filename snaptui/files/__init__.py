"""Files of the user: private atomic writes, bounded reads of regular files."""
