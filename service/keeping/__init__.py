"""What an analyst keeps: answers with their quotes, notes on them, and files to cite them from."""
