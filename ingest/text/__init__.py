"""Text as lines, sentences, words and languages.

Here belongs what needs nothing but a string: no format, no document, no store.
"""
