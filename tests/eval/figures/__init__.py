"""Tests of eval.figures."""
