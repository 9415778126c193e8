"""What the files of an item say: the beginning of the first one that has a text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Adds the column; of the items known so far, no file was read."""
    op.add_column("items", sa.Column("document", sa.String, nullable=False, server_default=""))
