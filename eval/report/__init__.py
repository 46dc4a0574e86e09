"""One HTML file of what was measured: tables, plots, every query, configuration.

Here belongs how results look, never how they are computed.
"""
