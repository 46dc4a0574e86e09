"""What citewell says to people: one catalogue of messages, a folder a language, a file an area.

Here belong the words that page, terminal and dialects say; how they are put together belongs above.
"""
