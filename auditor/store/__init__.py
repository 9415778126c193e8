"""The database of one installation: models, migrations, ingest, queries."""
