"""Questions that Slack and Teams send: signatures checked, answers sent back.

Here belongs what receives a webhook; how an answer looks is for each dialect.
"""
