"""Observations: what was wrong with the certificate of a portal that was read all the same."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Adds the column; of earlier visits nothing was noted."""
    op.add_column("observations", sa.Column("certificate", sa.String))
