"""Chunks to vectors, each text once, kept in a cache.

Here belongs what stands between the store and an embedder.
"""
