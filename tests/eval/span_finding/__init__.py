"""Tests of eval.span_finding."""
