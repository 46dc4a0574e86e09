"""How good chunkers are: token-level recall, precision and IoU of what is retrieved.

Here belong the chunkers compared and the benchmark of ranges that answer.
"""
