"""The `citewell eval` commands: options, printing, one file for each group of commands.

Importing a file of commands loads nothing but Typer.
"""
