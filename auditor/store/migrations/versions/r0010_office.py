"""The office's month: closed months, figures of the time before the system, what units report of themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0006"


def upgrade() -> None:
    """Creates the tables; closings are only ever added."""
    op.create_table(
        "closings",
        sa.Column("month", sa.String, primary_key=True),
        sa.Column("made", sa.DateTime, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "past_figures",
        sa.Column("period", sa.String, primary_key=True),
        sa.Column("scope", sa.String, primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("imported", sa.DateTime, nullable=False),
        sa.CheckConstraint("count >= 0", name="count_is_none_or_more"),
        sa.CheckConstraint("scope IN ('unit', 'group', 'total')", name="scope_known"),
    )
    op.create_table(
        "received",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("unit", sa.String, nullable=False),
        sa.Column("month", sa.String, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("count", sa.Integer),
        sa.Column("items", sa.JSON, nullable=False),
        sa.Column("noted", sa.DateTime, nullable=False),
        sa.CheckConstraint("count IS NULL OR count >= 0", name="count_is_none_or_more"),
    )
    op.create_index("ix_received_month_unit", "received", ["month", "unit"])
