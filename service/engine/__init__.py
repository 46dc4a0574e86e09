"""One open collection: its store, its models, and the snapshot that answers.

Here belongs what every caller is given to ask, search, find and verify, now or as of a date.
"""
