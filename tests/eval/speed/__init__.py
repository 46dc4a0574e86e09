"""Tests of eval.speed."""
