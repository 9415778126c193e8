"""Editions: what an item's own page said, text after text.

What was known of an opened item becomes its first edition. That text was read by an older reader (0), and when it was
last found is not recorded: only that the item was there at `first_seen`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Creates the table and fills it from the items whose own page was read."""
    op.create_table(
        "editions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("item", sa.Integer, sa.ForeignKey("items.id"), nullable=False),
        sa.Column("text_key", sa.String, nullable=False),
        sa.Column("reader", sa.Integer, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("attachments", sa.JSON, nullable=False),
        sa.Column("published", sa.String),
        sa.Column("modified", sa.String),
        sa.Column("after", sa.DateTime),
        sa.Column("first_seen", sa.DateTime, nullable=False),
        sa.Column("last_seen", sa.DateTime, nullable=False),
        sa.UniqueConstraint("item", "text_key"),
        sa.CheckConstraint("first_seen <= last_seen", name="seen_in_order"),
    )
    op.execute(
        "INSERT INTO editions "
        "(item, text_key, reader, title, body, attachments, published, modified, first_seen, last_seen) "
        "SELECT id, '', 0, title, body, attachments, published, modified, first_seen, first_seen FROM items "
        "WHERE opened AND (body <> '' OR json_array_length(attachments) > 0)"
    )
