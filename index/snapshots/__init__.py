"""Immutable indexes on disk: building, opening, publishing, checking, rebuilding.

Here belongs the life of a snapshot, its manifest, and the history of which one answered when.
"""
