"""Every mention of a term, and the passages related to it.

Here belongs exhaustive search over page text, beside ranking.
"""
