"""Tests of eval.data_sets."""
