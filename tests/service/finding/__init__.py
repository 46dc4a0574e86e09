"""Tests of service.finding."""
