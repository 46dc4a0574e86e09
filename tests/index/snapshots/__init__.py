"""Tests of index.snapshots."""
