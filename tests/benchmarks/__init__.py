"""The studies in benchmarks/, at a size for every run."""
