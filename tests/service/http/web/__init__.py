"""Tests of service.http.web."""
