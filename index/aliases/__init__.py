"""Short and long names of one thing, learned from a collection or given by hand.

Here belongs query expansion by names.
"""
