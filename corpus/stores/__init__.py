"""The system of record, in SQLite and in memory.

Here belong the tables and their migrations, how rows become values, and one file for each port and
kind of store. It knows how the collection is kept, never what is done with it. It imports the
values of `corpus`, which never import it.
"""
