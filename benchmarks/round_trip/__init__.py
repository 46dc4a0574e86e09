"""Pages made with known text, and how well they are read back."""
