"""Saved answers looked at again: verified, replayed, shown on their page.

Here belongs what proves later that an answer was given and holds.
"""
