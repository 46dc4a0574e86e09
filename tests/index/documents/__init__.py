"""Tests of index.documents."""
