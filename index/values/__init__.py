"""The ports, settings and results that all of index speaks of.

Here belongs what has no behaviour beyond itself; nothing here imports another part of the room.
"""
