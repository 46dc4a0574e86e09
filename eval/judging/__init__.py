"""Judgements by people: pooling, keeping, agreement, and what to judge next.

Here belongs what makes qrels.
"""
