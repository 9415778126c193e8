"""The first tables: units, runs, observations, items with their addresses and placements."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_WORD = sa.String(30)


def upgrade() -> None:
    """Creates every table."""
    _units()
    _runs()
    _observations()
    _items()
    _addresses()
    _placements()


def _units() -> None:
    op.create_table(
        "units",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("level", _WORD, nullable=False),
        sa.Column("url", sa.String, nullable=False),
    )


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("month", sa.String),
        sa.Column("started", sa.DateTime, nullable=False),
        sa.Column("finished", sa.DateTime),
    )


def _observations() -> None:
    op.create_table(
        "observations",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("unit", sa.String, sa.ForeignKey("units.key"), nullable=False),
        sa.Column("run", sa.Integer, sa.ForeignKey("runs.id")),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("started", sa.DateTime, nullable=False),
        sa.Column("finished", sa.DateTime, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("outcome", _WORD, nullable=False),
        sa.Column("cause", _WORD),
        sa.Column("detail", sa.String, nullable=False),
        sa.Column("section", sa.String),
        sa.Column("sections", sa.JSON, nullable=False),
        sa.Column("listings", sa.JSON, nullable=False),
        sa.Column("items", sa.Integer, nullable=False),
        sa.Column("requests", sa.Integer, nullable=False),
        sa.UniqueConstraint("digest"),
    )
    op.create_index("ix_observations_run", "observations", ["run"])
    op.create_index("ix_observations_started", "observations", ["started"])
    op.create_index("ix_observations_unit_started", "observations", ["unit", "started"])


def _items() -> None:
    op.create_table(
        "items",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("unit", sa.String, sa.ForeignKey("units.key"), nullable=False),
        sa.Column("url", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("title_key", sa.String, nullable=False),
        sa.Column("published", sa.String),
        sa.Column("published_day", sa.Date),
        sa.Column("published_from", sa.String),
        sa.Column("modified", sa.String),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("opened", sa.Boolean, nullable=False),
        sa.Column("standing", sa.Boolean, nullable=False),
        sa.Column("commune", sa.String),
        sa.Column("attachments", sa.JSON, nullable=False),
        sa.Column("category", _WORD),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.Column("why", sa.JSON, nullable=False),
        sa.Column("classifier", sa.String, nullable=False),
        sa.Column("first_seen", sa.DateTime, nullable=False),
        sa.Column("last_seen", sa.DateTime, nullable=False),
        sa.Column("first_observation", sa.Integer, sa.ForeignKey("observations.id"), nullable=False),
        sa.Column("last_observation", sa.Integer, sa.ForeignKey("observations.id"), nullable=False),
        sa.UniqueConstraint("unit", "url"),
        sa.CheckConstraint("(published IS NULL) = (published_day IS NULL)", name="published_has_day"),
        sa.CheckConstraint("first_seen <= last_seen", name="seen_in_order"),
    )
    op.create_index("ix_items_published_day", "items", ["published_day"])
    op.create_index("ix_items_unit_published_day", "items", ["unit", "published_day"])


def _addresses() -> None:
    op.create_table(
        "addresses",
        sa.Column("unit", sa.String, sa.ForeignKey("units.key"), primary_key=True),
        sa.Column("url", sa.String, primary_key=True),
        sa.Column("item", sa.Integer, sa.ForeignKey("items.id"), nullable=False),
    )
    op.create_index("ix_addresses_item", "addresses", ["item"])


def _placements() -> None:
    op.create_table(
        "placements",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("item", sa.Integer, sa.ForeignKey("items.id"), nullable=False),
        sa.Column("url", sa.String, nullable=False),
        sa.Column("listing", sa.String, nullable=False),
        sa.Column("label", sa.String, nullable=False),
        sa.Column("category", _WORD),
        sa.UniqueConstraint("item", "url", "listing", "label"),
    )
