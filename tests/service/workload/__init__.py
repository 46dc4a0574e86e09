"""Tests of service.workload."""
