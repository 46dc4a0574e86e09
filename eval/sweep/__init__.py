"""Several configurations over the same questions, each measured once.

Here belong the file of configurations, what they run over, and caches that they share.
"""
