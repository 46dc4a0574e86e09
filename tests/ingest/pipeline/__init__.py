"""Tests of ingest.pipeline."""
