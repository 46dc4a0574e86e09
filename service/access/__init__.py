"""The store as a sender may see it: keys, scopes, guards, opening, the writer's lock.

Here belongs who may read and change what.
"""
