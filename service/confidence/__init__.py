"""The probability that an answer is right, and the decision made by it.

Here belong the fitted file and the rule to answer, show or abstain. Fitting is for `eval`.
"""
