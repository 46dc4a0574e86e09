"""Kinds of documents that belong to another document."""

PART_KINDS = frozenset(
    {
        "annex",
        "management response",
        "brief",
        "abridged version",
        "corrigendum",
        "addendum",
        "terms of reference",
        "inception report",
        "case study",
    }
)
"""What a document's `kind` says where it is a part of a report, as ingest reads it."""
