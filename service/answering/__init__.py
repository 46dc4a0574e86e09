"""The main path of the room: a question in, a cited answer out, or why there is none.

Here belongs what understands a question and selects the sentences that answer it.
"""
