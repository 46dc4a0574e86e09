"""The audit log: who asked, ingested, deleted and changed keys; no line is changed unseen.

Here belong its format, how a line is added, how the whole is checked, and what is recorded.
"""
