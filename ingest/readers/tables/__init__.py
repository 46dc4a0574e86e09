"""Rows of cells to lines of text, and delimited files to pages.

Here belongs how a table is written as text, for every format that has tables.
"""
