"""Office documents: Word, OpenDocument, PowerPoint, Excel, RTF.

Here belongs what only one such format has: its numbering, its properties, its slides and sheets.
"""
