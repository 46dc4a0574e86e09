"""A question to a cited answer, on the command line and over HTTP."""
