"""Tests of service.http.admission."""
