"""Tests of eval.sweep."""
