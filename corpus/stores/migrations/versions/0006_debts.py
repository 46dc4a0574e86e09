"""What a deletion has still to do outside the store, and the collection that it was in."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("deletions", sa.Column("collection", sa.Text, nullable=False, server_default=""))
    op.add_column("deletions", sa.Column("owed", sa.Text))


def downgrade() -> None:
    op.drop_column("deletions", "owed")
    op.drop_column("deletions", "collection")
