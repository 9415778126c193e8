"""The day of the document that an item's page reproduces, told apart from its publication."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds the column; of the items known so far, nobody looked for it."""
    op.add_column("items", sa.Column("document_date", sa.String, nullable=True))
