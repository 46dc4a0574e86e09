"""Estimates with intervals, significance tests, selective prediction, calibration.

Here belong formulas over numbers; nothing here knows a question or a document.
"""
