"""Judged collections and runs on disk: BEIR folders, TREC files.

Here belong the readers and writers of the field's formats, and entering a corpus into a store.
"""
