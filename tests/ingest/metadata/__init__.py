"""Tests of ingest.metadata."""
