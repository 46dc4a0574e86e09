"""Rerankers: a question and texts to scores, one file an implementation.

`opening` turns a name from the settings into a reranker or a span finder.
"""
