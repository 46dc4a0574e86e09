"""What a server shows of itself: its log, and the request that each line is about.

Here belongs what operators look at. Nothing here decides anything, and texts of questions and
documents do not appear.
"""
