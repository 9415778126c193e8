from collections.abc import Iterator
from pathlib import Path

import pytest
from audit_world import Audit

from auditor.store.database import Database


@pytest.fixture
def audit(tmp_path: Path) -> Iterator[Audit]:
    with Database.open(f"sqlite:///{tmp_path / 'auditor.db'}") as database:
        yield Audit(database)
