"""How well a page was read: figures, and the grade that follows from them.

Here belongs the rule of docs/quality.md and what it counts.
"""
