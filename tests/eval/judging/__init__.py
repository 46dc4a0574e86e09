"""Tests of eval.judging."""
