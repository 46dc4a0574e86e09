"""Tests of eval.answers."""
