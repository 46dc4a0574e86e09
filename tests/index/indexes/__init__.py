"""Tests of index.indexes."""
