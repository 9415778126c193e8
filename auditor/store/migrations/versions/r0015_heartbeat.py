"""Runs tell their last sign of life, what came of them, and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0011"


def upgrade() -> None:
    """Adds the columns; of earlier runs it is known whether they came to their end."""
    op.add_column("runs", sa.Column("heartbeat", sa.DateTime))
    op.add_column("runs", sa.Column("outcome", sa.String))
    op.add_column("runs", sa.Column("detail", sa.String))
    op.execute("UPDATE runs SET heartbeat = coalesce(finished, started)")
    op.execute("UPDATE runs SET outcome = 'done' WHERE finished IS NOT NULL")
