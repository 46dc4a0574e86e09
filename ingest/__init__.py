"""Bytes to pages to chunks. The only room that reads PDF."""
