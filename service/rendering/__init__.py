"""An answer as text: its explanations, its citations in words, its scores.

Here belongs what terminal, page and dialects say alike.
"""
