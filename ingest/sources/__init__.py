"""Where files come from: paths, folders, manifests, addresses, sitemaps, archives.

Here belongs everything up to a file's bytes, with its limits against hostile addresses and
archives. What is in the bytes is for `ingest.readers`.
"""
