"""The docs: a site that asks no other host, links that lead somewhere, examples that run."""
