"""Tests of eval.question_sets."""
