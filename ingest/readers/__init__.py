"""One file a format; which reader reads what."""
