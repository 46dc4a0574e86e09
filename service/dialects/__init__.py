"""The one core answer in the words of other systems: one file a dialect, each a translation."""
