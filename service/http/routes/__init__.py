"""Routes of citewell's own API and pages, one file a noun.

Here belongs the way from a request to a call and back, with no rule of its own.
"""
