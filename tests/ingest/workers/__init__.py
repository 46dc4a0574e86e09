"""Tests of ingest.workers."""
