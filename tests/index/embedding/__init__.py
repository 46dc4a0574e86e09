"""Tests of index.embedding."""
