"""A probability that an answer is right: fitted on judged answers, checked on others.

Here belong the fit and the control of the share of wrong answers.
"""
