"""A collection from Python: over HTTP, or in this process, with equal results.

Here belong the public clients and the port behind them.
"""
