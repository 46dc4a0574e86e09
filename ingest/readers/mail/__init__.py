"""E-mail as one document: RFC 5322 messages and Outlook's.

Here belongs a message's own text; its attachments are unpacked by `ingest.sources`.
"""
