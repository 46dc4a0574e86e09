"""Tests of service.citations."""
