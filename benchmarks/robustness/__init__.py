"""What crashes, interruptions, hostile files, swaps and unexpected requests do.

Here belong trials that try to break something.
"""
