"""The web page: templates, one style sheet, one script."""
