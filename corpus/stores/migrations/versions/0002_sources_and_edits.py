"""Where documents are from, what was said of them since, and the languages of pages."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    provenance = sa.Column("provenance", sa.JSON, nullable=False, server_default="{}")
    op.add_column("documents", provenance)
    op.add_column("pages", sa.Column("language", sa.Text))
    op.create_table(
        "edits",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "origins",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("root", sa.Text, nullable=False),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
    )


def downgrade() -> None:
    for name in ("origins", "edits"):
        op.drop_table(name)
    op.drop_column("pages", "language")
    op.drop_column("documents", "provenance")
