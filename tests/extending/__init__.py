"""A reader, an embedder, a dialect and a measure as somebody else would write them."""
