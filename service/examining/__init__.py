"""`citewell doctor`: what may be wrong with a home, one check a noun, each with what to do.

Here belongs what is looked at, and how a fault is told. No check changes anything.
"""
