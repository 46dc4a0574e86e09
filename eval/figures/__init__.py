"""Figures kept in git as expected, and the machine that they were measured on.

Here belongs what records and compares them.
"""
