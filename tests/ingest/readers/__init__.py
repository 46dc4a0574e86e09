"""Tests of ingest.readers."""
