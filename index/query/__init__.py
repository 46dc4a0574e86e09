"""What a query asks, and where it says to look.

Here belong query analysis, spelling correction, decomposition into parts, and the plan that
retrieval follows.
"""
