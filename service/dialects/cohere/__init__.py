"""Cohere's chat, version 2, and its documents.

Here belong its routes and the translation of answers.
"""
