"""Corrections: what a person decided of an item, beside what the program decided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Creates the table; it only ever grows."""
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("item", sa.Integer, sa.ForeignKey("items.id"), nullable=False),
        sa.Column("made", sa.DateTime, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("sets_category", sa.Boolean, nullable=False),
        sa.Column("category", sa.String(30)),
        sa.Column("published", sa.String),
        sa.Column("text_key", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("machine_category", sa.String(30)),
        sa.Column("machine_confidence", sa.Double, nullable=False),
        sa.Column("machine_published", sa.String),
        sa.CheckConstraint("kind IN ('set', 'accept', 'withdraw')", name="kind_known"),
        sa.CheckConstraint("sets_category OR category IS NULL", name="category_is_set"),
    )
    op.create_index("ix_corrections_item", "corrections", ["item"])
