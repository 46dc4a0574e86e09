"""Whether what is shown is right: scans, highlights, intervals, drafts, replays.

Here belong trials that compare with a known truth.
"""
