"""Tests of eval.chunking."""
