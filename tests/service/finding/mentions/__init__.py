"""Tests of how mentions are found."""
