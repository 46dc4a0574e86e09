"""Tests of eval.report_descriptions."""
