"""What routes are made of: dependencies, checked path parts, event streams.

Here belongs what routes of the API and of dialects both need from FastAPI.
"""
