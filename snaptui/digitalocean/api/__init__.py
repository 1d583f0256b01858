"""The API without I/O: requests, answers, rows, errors, rate limit."""
