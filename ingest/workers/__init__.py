"""Processes under limits, so that a hostile file harms nothing but its own process.

Here belongs how work is run, never what the work is.
"""
