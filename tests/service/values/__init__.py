"""Tests of service.values."""
