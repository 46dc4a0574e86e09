"""Chunks to rankings: embeddings, FAISS, BM25, fusion, reranking, snapshots."""
