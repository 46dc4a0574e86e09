"""Tests of eval.calibration."""
