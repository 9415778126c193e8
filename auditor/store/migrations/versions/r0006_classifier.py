"""An index on who decided: whether a newer judge has anything to decide again is asked whenever decisions are read."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Creates the index."""
    op.create_index("ix_items_classifier", "items", ["classifier"])
