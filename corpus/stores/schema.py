"""The tables of the store. A change here is a new file in `migrations/versions`.

Only what SQLite and PostgreSQL both have. Texts have no length: both keep them as they are.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

metadata = MetaData()


def _document_id(*, primary_key: bool = False) -> Column[str]:
    """Return a column of the document that a row belongs to and is deleted with."""
    target = ForeignKey("documents.doc_id", ondelete="CASCADE")
    return Column("doc_id", Text, target, primary_key=primary_key, nullable=False)


# `added` counts additions: of two documents of one source, the greater is the newer edition.
documents = Table(
    "documents",
    metadata,
    Column("doc_id", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("collection", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("reading", Text, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("publisher", Text),
    Column("date", Text),
    Column("language", Text),
    Column("metadata", JSON, nullable=False),
    Column("provenance", JSON, nullable=False, server_default="{}"),
    Column("partial", Text),
    Column("is_current", Boolean, nullable=False),
    Column("added", Integer, nullable=False, unique=True),
)
# The database itself refuses a second current document of one source.
Index(
    "one_current_document",
    documents.c.source,
    unique=True,
    sqlite_where=text("is_current"),
    postgresql_where=text("is_current"),
)
Index("documents_of_source", documents.c.source, documents.c.added)

files = Table(
    "files",
    metadata,
    _document_id(primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

pages = Table(
    "pages",
    metadata,
    _document_id(primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("label", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("grade", Text, nullable=False),
    Column("text_source", Text, nullable=False),
    Column("characters", Integer, nullable=False),
    Column("reason", Text),
    Column("language", Text),
    Column("scanned", Boolean, nullable=False, server_default=false()),
    Column("dictionary_share", Float),
    Column("garbled_share", Float),
    Column("disagreement", Float),
    Column("ocr_confidence", Float),
    Column("columns", Integer),
    Column("tables", Integer, nullable=False, server_default="0"),
    Column("set_aside", Integer, nullable=False, server_default="0"),
    Column("cut", Integer, nullable=False, server_default="0"),
)

# `spans` is [[page, start, end], …], `sentences` [[start, end], …], `section` [heading, …].
chunks = Table(
    "chunks",
    metadata,
    Column("chunk_id", Text, primary_key=True),
    _document_id(),
    Column("ordinal", Integer, nullable=False),
    Column("spans", JSON, nullable=False),
    Column("text", Text, nullable=False),
    Column("sentences", JSON, nullable=False),
    Column("search_text", Text, nullable=False),
    Column("context", Text, nullable=False),
    Column("section", JSON, nullable=False),
    Column("embedded_sha256", Text, nullable=False),
)
Index("chunks_of_document", chunks.c.doc_id, chunks.c.ordinal)
Index("chunks_of_embedded_text", chunks.c.embedded_sha256)

# What a document's chunks were embedded as before it was read and chunked anew: their vectors may
# still be cached, and go when the document is deleted.
former_texts = Table(
    "former_texts",
    metadata,
    _document_id(primary_key=True),
    Column("embedded_sha256", Text, primary_key=True),
)

# `owed` is what a deletion has still to do outside the store: `delete`, `purge` or null.
deletions = Table(
    "deletions",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("doc_id", Text, nullable=False, index=True),
    Column("source", Text, nullable=False),
    Column("document_sha256", Text, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("chunks", Integer, nullable=False),
    Column("embedded_sha256s", JSON, nullable=False),
    Column("deleted_at", Text, nullable=False),
    Column("collection", Text, nullable=False, server_default=""),
    Column("owed", Text),
)

# What was said of a source's document by hand, and where a source was found.
edits = Table(
    "edits",
    metadata,
    Column("source", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

origins = Table(
    "origins",
    metadata,
    Column("source", Text, primary_key=True),
    Column("root", Text, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
)

jobs = Table(
    "jobs",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("job_id", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False, index=True),
    Column("source", Text, nullable=False),
    Column("progress", Float, nullable=False),
    Column("message", Text, nullable=False),
    Column("result", Text),
    Column("created_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
    Column("collection", Text, nullable=False, server_default="default"),
    Column("sender", Text, nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("leased_by", Text),
    Column("leased_until", Text),
    Column("turn", Integer, nullable=False, server_default="0"),
    Column("request_key", Text),
    Column("request_sha256", Text),
)
# One request of a sender makes one job. `turn` counts the leases: the greatest is the latest.
Index("one_job_a_request", jobs.c.sender, jobs.c.request_key, unique=True)

# `scopes` is [scope, …], `collections` [name, …] or null for all.
keys = Table(
    "keys",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("key_id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("sha256", Text, nullable=False, unique=True),
    Column("scopes", JSON, nullable=False),
    Column("collections", JSON(none_as_null=True)),
    Column("created_at", Text, nullable=False),
    Column("expires_at", Text),
    Column("revoked_at", Text),
)

receipts = Table(
    "receipts",
    metadata,
    Column("answer_id", Text, primary_key=True),
    Column("snapshot", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("kept_at", Text, nullable=False),
)

# Which documents an answer quotes: it is deleted with any of them. No foreign key to documents,
# since an answer may be kept that quotes a document of another store (a replayed one, say).
receipt_documents = Table(
    "receipt_documents",
    metadata,
    Column(
        "answer_id", Text, ForeignKey("receipts.answer_id", ondelete="CASCADE"), primary_key=True
    ),
    Column("doc_id", Text, primary_key=True, index=True),
)

# What several servers count together: a bucket of tokens each name, and names that were seen.
rates = Table(
    "rates",
    metadata,
    Column("name", Text, primary_key=True),
    Column("tokens", Float, nullable=False),
    Column("at", Text, nullable=False),
)
seen = Table(
    "seen",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", Text, nullable=False, index=True),
)

# What somebody keeps of the answers that they were given. No foreign key to receipts: a note stays
# when its answer is deleted with a document, and says so.
notes = Table(
    "notes",
    metadata,
    Column("note_id", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("answer_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("question", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("kept_at", Text, nullable=False),
    UniqueConstraint("owner", "answer_id", "number"),
)
