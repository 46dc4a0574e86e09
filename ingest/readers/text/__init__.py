"""Plain text and Markdown: decoding bytes, and telling headings in plain text.

Here belongs what reads text without markup of its own.
"""
