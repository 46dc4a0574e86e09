"""Tests of ingest.chunking."""
