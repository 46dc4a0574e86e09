"""The multilingual model: its graph, and where its languages lie beside each other.

`parallel.json` holds sixteen questions of no report, each in six languages.
"""
