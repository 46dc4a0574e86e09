"""Reading order from geometry: boxes in, lines in the order in which they are read out."""
