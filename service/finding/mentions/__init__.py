"""Every mention of a term in page text: the forms it takes, and where they stand.

Here belong patterns over text; nothing here knows a store.
"""
