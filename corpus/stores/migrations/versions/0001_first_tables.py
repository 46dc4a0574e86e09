"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _create_documents()
    _create_pages_and_chunks()
    _create_jobs_and_receipts()


def _document_id(*, primary_key: bool = False) -> sa.Column[str]:
    target = sa.ForeignKey("documents.doc_id", ondelete="CASCADE")
    return sa.Column("doc_id", sa.Text, target, primary_key=primary_key, nullable=False)


def _create_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("doc_id", sa.Text, primary_key=True),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("collection", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("reading", sa.Text, nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("publisher", sa.Text),
        sa.Column("date", sa.Text),
        sa.Column("language", sa.Text),
        sa.Column("metadata", sa.JSON, nullable=False),
        sa.Column("is_current", sa.Boolean, nullable=False),
        sa.Column("added", sa.Integer, nullable=False, unique=True),
    )
    op.create_index(
        "one_current_document",
        "documents",
        ["source"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    op.create_index("documents_of_source", "documents", ["source", "added"])
    op.create_table(
        "files",
        _document_id(primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "deletions",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("doc_id", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("document_sha256", sa.Text, nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("chunks", sa.Integer, nullable=False),
        sa.Column("embedded_sha256s", sa.JSON, nullable=False),
        sa.Column("deleted_at", sa.Text, nullable=False),
    )
    op.create_index("ix_deletions_doc_id", "deletions", ["doc_id"])


def _create_pages_and_chunks() -> None:
    op.create_table(
        "pages",
        _document_id(primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("grade", sa.Text, nullable=False),
        sa.Column("text_source", sa.Text, nullable=False),
        sa.Column("characters", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text),
    )
    op.create_table(
        "chunks",
        sa.Column("chunk_id", sa.Text, primary_key=True),
        _document_id(),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("spans", sa.JSON, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("sentences", sa.JSON, nullable=False),
        sa.Column("search_text", sa.Text, nullable=False),
        sa.Column("context", sa.Text, nullable=False),
        sa.Column("section", sa.JSON, nullable=False),
        sa.Column("embedded_sha256", sa.Text, nullable=False),
    )
    op.create_index("chunks_of_document", "chunks", ["doc_id", "ordinal"])
    op.create_index("chunks_of_embedded_text", "chunks", ["embedded_sha256"])
    op.create_table(
        "former_texts",
        _document_id(primary_key=True),
        sa.Column("embedded_sha256", sa.Text, primary_key=True),
    )


def _create_jobs_and_receipts() -> None:
    op.create_table(
        "jobs",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("job_id", sa.Text, nullable=False, unique=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("progress", sa.Float, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("result", sa.Text),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("updated_at", sa.Text, nullable=False),
    )
    op.create_index("ix_jobs_state", "jobs", ["state"])
    op.create_table(
        "receipts",
        sa.Column("answer_id", sa.Text, primary_key=True),
        sa.Column("snapshot", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("kept_at", sa.Text, nullable=False),
    )
    op.create_table(
        "receipt_documents",
        sa.Column(
            "answer_id",
            sa.Text,
            sa.ForeignKey("receipts.answer_id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("doc_id", sa.Text, primary_key=True),
    )
    op.create_index("ix_receipt_documents_doc_id", "receipt_documents", ["doc_id"])


def downgrade() -> None:
    for name in (
        "receipt_documents",
        "receipts",
        "jobs",
        "former_texts",
        "chunks",
        "pages",
        "deletions",
        "files",
        "documents",
    ):
        op.drop_table(name)
