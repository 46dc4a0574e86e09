"""PDF to pages: glyphs, hidden text, reading order, blocks, headings, labels, scans.

Here belongs everything that knows PDFium or pypdf, and how a page without text is recognised.
"""
