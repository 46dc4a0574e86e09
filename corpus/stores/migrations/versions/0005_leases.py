"""Jobs are leased by the server that works on them, and know their sender and their request."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("jobs", sa.Column("sender", sa.Text, nullable=False, server_default=""))
    for name in ("attempts", "turn"):
        op.add_column("jobs", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    for name in ("leased_by", "leased_until", "request_key", "request_sha256"):
        op.add_column("jobs", sa.Column(name, sa.Text))
    op.create_index("one_job_a_request", "jobs", ["sender", "request_key"], unique=True)


def downgrade() -> None:
    op.drop_index("one_job_a_request", "jobs")
    for name in ("request_sha256", "request_key", "leased_until", "leased_by", "turn", "attempts"):
        op.drop_column("jobs", name)
    op.drop_column("jobs", "sender")
