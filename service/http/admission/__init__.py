"""Who may come in: keys, hosts, rates, connections, bodies under limits.

Here belongs what refuses a request before its route is reached.
"""
