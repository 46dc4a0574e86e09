"""Tests of service.answering."""
