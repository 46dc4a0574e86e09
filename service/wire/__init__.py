"""What goes over HTTP beside answers: request bodies, lists, states, problems.

Here belong the types that a server and a client of it must agree on.
"""
