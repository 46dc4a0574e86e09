"""What all readers share: the port, its result, and the table of formats.

Here belongs what makes a reading whatever the format: pages in the making, titles, running lines.
"""
