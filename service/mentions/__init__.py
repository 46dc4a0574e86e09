"""Every mention of a term in page text: the forms it takes, and where they stand."""
