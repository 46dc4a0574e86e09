"""Changing a collection: publishing, editing, deleting, bundling; and its condition.

Here belongs what maintains a collection, whoever asks for it.
"""
