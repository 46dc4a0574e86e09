"""Refusing harmful containers and markup before a parser opens them.

Here belong limits on size, entries and nesting that several readers need.
"""
