"""Settings of a collection and its server, the models that they name, the version.

Here belongs what is configured from outside.
"""
