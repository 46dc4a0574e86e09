"""Embedders: texts to unit vectors, one file an implementation.

`opening` turns a name from the settings into an embedder.
"""
