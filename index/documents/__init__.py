"""What a snapshot keeps of a document, and how filters and names select documents.

Here belongs what decides which documents a search may look into.
"""
