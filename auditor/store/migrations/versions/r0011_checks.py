"""Checks: what the own address of an item answered after listings no longer showed it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Creates the table; it only ever grows."""
    op.create_table(
        "checks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("item", sa.Integer, sa.ForeignKey("items.id"), nullable=False),
        sa.Column("started", sa.DateTime, nullable=False),
        sa.Column("url", sa.String, nullable=False),
        sa.Column("presence", sa.String, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
    )
    op.create_index("ix_checks_item", "checks", ["item"])
