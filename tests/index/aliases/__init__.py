"""Tests of index.aliases."""
