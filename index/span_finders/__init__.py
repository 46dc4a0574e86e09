"""Span finders: a question and passages to the words that answer."""
