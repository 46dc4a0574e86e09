"""Responses in the shape that their reader expects, and their headers.

Here belongs what several routes need to answer.
"""
