"""Proof of a statement: quotes, their places, the pages where they stand, and signatures.

Here belongs how a citation is made and checked against the store, and how a receipt is signed.
"""
