"""The main path of ingest: sources in, documents with pages and chunks in the store.

Here belongs what runs the steps in order, skips what is unchanged, and says what became of each
source. A single step belongs in the room that it is named after.
"""
