"""Pages to chunks: what is embedded, searched and quoted.

Here belong the unit of retrieval and its context: sections, footnotes, table captions, and the
packing of whole sentences into an embedder's window.
"""
