"""Faults injected into what is written to the disk, one at a time."""
