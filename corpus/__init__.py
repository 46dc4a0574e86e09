"""The collection: documents, pages, chunks, and the store that keeps them."""
