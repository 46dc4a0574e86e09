"""How good answers are: whether they hold the evidence and abstain when they should.

Here belongs what scores answers.
"""
