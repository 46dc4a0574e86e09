"""Is it any good? Data sets, runs, measures, comparisons."""
