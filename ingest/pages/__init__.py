"""Pages as they look: images and one-page PDFs with a quote marked.

Here belongs what draws or cuts out a page for a person; no text is read here.
"""
