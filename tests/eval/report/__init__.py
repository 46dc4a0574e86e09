"""Tests of eval.report."""
