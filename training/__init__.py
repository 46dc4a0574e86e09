"""Training of the models that citewell makes itself; for the repository, not part of a release."""
