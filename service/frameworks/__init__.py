"""Retrievers for frameworks that are extras: each file imports its own, and only it."""
