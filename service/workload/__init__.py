"""Work under limits: queues, rates, drawing, embedding, ingest jobs, warming.

Here belongs how much is done at once and in which order, never what is done.
"""
