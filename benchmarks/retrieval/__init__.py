"""What search finds, and how fast, by configuration and size.

Here belong trials of rankings and of vector indexes.
"""
