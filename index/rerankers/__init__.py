"""One file a way of running a reranker."""
