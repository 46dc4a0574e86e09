"""A store that several machines share: PostgreSQL, its locks, and the way there and back.

Here belongs what knows PostgreSQL. What both kinds of database do alike is in `corpus.stores`.
"""
