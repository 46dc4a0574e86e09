"""How well each page was read, in figures and a grade from A to D; documents read in part.

What was graded before keeps its meaning in the new words; the figures come with the next reading.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("documents", sa.Column("partial", sa.Text))
    op.add_column(
        "pages", sa.Column("scanned", sa.Boolean, nullable=False, server_default=sa.false())
    )
    for name in ("dictionary_share", "garbled_share", "disagreement", "ocr_confidence"):
        op.add_column("pages", sa.Column(name, sa.Float))
    op.add_column("pages", sa.Column("columns", sa.Integer))
    for name in ("tables", "set_aside", "cut"):
        op.add_column("pages", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    pages = sa.table("pages", sa.column("grade"), sa.column("text_source"))
    for before, now in {"good": "A", "poor": "C", "unreadable": "D"}.items():
        op.execute(pages.update().where(pages.c.grade == before).values(grade=now))
    op.execute(pages.update().where(pages.c.text_source == "text").values(text_source="layer"))


def downgrade() -> None:
    pages = sa.table("pages", sa.column("grade"), sa.column("text_source"))
    for now, before in {"A": "good", "B": "good", "C": "poor", "D": "unreadable"}.items():
        op.execute(pages.update().where(pages.c.grade == now).values(grade=before))
    op.execute(pages.update().where(pages.c.text_source == "layer").values(text_source="text"))
    for name in ("cut", "set_aside", "tables", "columns", "ocr_confidence", "disagreement"):
        op.drop_column("pages", name)
    for name in ("garbled_share", "dictionary_share", "scanned"):
        op.drop_column("pages", name)
    op.drop_column("documents", "partial")
