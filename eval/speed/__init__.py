"""How fast and how small: cold start, ingest, load, memory.

Here belongs what runs the product in processes of its own and measures them.
"""
