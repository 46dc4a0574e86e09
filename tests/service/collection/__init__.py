"""Tests of service.collection."""
