"""The Model Context Protocol: tools and resources over a collection.

Here belong the server, its transports, its schemas, and the translation of results.
"""
