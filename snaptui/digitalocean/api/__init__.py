"""The API without I/O: requests, answers, rows, errors, rate limit.

After a 429 or another failure `patience` says whether and when a request is sent again.
"""
