"""The system of record, in SQLite and in memory.

One file a port and a kind of store; the tables, their migrations, and how rows become values. Here
belongs what knows how the collection is kept, never what is done with it. It imports the values of
`corpus`, which never import it.
"""
