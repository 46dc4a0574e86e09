"""What dialects of chat share: options of a question, turns, model names.

Here belongs what two dialects read alike.
"""
