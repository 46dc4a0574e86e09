"""How many acts, and how long, the pages take for what an analyst does."""
