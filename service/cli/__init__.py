"""The `citewell` commands: parsing options, printing results, drawing progress.

Here belongs what a terminal needs, and nothing that another caller could want. Importing a file
of commands loads nothing but Typer.
"""
