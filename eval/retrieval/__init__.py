"""How good retrieval is on a judged collection: measures, runs of the product.

Here belongs what scores rankings.
"""
