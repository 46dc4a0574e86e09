"""Tests of service.dialects."""
