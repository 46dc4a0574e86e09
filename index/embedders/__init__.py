"""One file a way of running an embedder."""
