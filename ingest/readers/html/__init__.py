"""HTML and what is made of it: web pages and EPUB books.

Here belongs the way from an HTML tree to the text that its reader sees.
"""
