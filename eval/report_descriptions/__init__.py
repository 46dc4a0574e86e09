"""How well titles, publishers and dates are read from reports.

Here belong the reports described by hand, and what is compared with them.
"""
