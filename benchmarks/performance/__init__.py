"""How long reading, drawing, measuring and serving take.

Here belong times and memory.
"""
