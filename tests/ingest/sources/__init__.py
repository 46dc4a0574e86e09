"""Tests of ingest.sources."""
