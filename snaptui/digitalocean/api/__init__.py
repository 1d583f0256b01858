"""The API without I/O: requests, answers, rows, errors, rate limit.

After a 429 or another failure `retries` says whether and when a request is sent again.
"""
