"""The HTTP application: what it is made of, and running it.

Here belongs what holds for every request. Routes, admission, pages and responses have packages of
their own.
"""
