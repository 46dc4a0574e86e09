"""Tests of `citewell doctor`."""
