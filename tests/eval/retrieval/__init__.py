"""Tests of eval.retrieval."""
