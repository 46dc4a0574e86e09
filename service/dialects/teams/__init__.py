"""Microsoft Teams: an answer as an adaptive card.

Here belongs how an answer looks in Teams.
"""
