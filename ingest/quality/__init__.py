"""How well a page was read: figures, and the grade that follows from them.

Here belongs the rule of docs/explanation/page-quality.md and what it counts.
"""
