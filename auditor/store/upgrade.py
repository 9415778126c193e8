"""Brings a database to the newest revision. Apart from `database`, because alembic takes a second to import."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for the packaged migrations, run on `connection`."""
    config = Config()
    config.set_main_option("script_location", "auditor.store:migrations")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Applies every missing revision on the connection's open transaction; the caller commits."""
    command.upgrade(configuration(connection), "head")
