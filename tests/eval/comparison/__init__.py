"""Tests of eval.comparison."""
