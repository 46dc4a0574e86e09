"""OpenAI's API: chat completions, responses, models, embeddings, vector stores.

Here belong its request bodies, its events and filters, and the translation of answers.
"""
