"""The vectors of a home: in a file, or in the database that several machines share."""

from corpus.home import Home
from index.embedding.vector_cache import VectorCache


def open_vectors(home: Home) -> VectorCache:
    """Return the home's vector cache. Raises: StoreError."""
    if home.database is None:
        return VectorCache.open(home.vectors)
    from index.embedding.shared_vectors import SharedVectors

    return SharedVectors(home.database)
