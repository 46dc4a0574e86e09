"""Tests of ingest.pages."""
