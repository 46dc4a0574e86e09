"""What a question, a search and a check take and give back.

Here belong values without behaviour, the JSON of the API; nothing here imports the rest of the
room.
"""
