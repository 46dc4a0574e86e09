"""Tests of eval.statistics."""
