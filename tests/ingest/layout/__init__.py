"""Tests of ingest.layout."""
