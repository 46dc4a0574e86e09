"""One package a kind of format, each turning bytes into pages.

`choosing` picks the reader of a file. A new format is a reader in the package of its kind and a
line in `document/formats.py`.
"""
