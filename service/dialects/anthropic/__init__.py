"""Anthropic's messages, with search results and citations.

Here belong its routes, its events, and the translation of answers.
"""
