"""Tests of service.receipts."""
