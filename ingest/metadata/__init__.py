"""What is known of a document beside its text: title, date, publisher, language.

Here belongs each origin of such a value, and the rule by which one origin outranks another.
"""
