"""Backups: everything a home holds, as it was at one moment, in a folder of blocks.

Here belong the format, how a backup is made while others work, how it is checked, and how it is
restored.
"""
