"""Tests of service.confidence."""
