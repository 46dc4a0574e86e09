"""The web pages: templates, style sheets, scripts, and values to HTML.

Everything that a template prints is escaped.
"""
