"""Runs compared over the same queries, and gates that hold them to a baseline.

Here belongs what says whether a difference is sure.
"""
