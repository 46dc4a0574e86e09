"""From a query to a ranking: gather, fuse, rerank, demote repetitions, explain.

`retrieving` is the main path. Here belongs what orders passages.
"""
