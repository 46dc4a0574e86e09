"""Tests of index.query."""
