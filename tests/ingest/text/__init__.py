"""Tests of ingest.text."""
