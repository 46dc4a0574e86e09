"""Where documents answer differently: counts, years, lists of members.

Here belong the facts that are compared and the rule for when two of them differ.
"""
