"""Retrievers for frameworks, in pipelines of theirs against a live server."""
