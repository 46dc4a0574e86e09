"""Dense and lexical indexes over rows: FAISS, tantivy, and plain doubles in memory.

Here belongs what searches one representation; combining them is for `index.retrieval`.
"""
