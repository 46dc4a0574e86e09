"""How well a span finder tells whether a passage answers, and where.

Here belong exact match, F1 and the questions that come with their passage.
"""
