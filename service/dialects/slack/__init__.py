"""Slack's blocks: an answer as a message with a link for each quote.

Here belongs how an answer looks in Slack.
"""
