"""Tests of ingest.quality."""
