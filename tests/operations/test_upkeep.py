"""A start migrates where anything changed, and only there."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from openmso.platform.database import upkeep
from openmso.platform.database.connect import OWNER


@pytest.fixture(autouse=True)
def _of_this_test(superuser: psycopg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database of its own, migrated by code of its own."""
    told = superuser.info
    url = f"postgresql:///{told.dbname}?host={told.host}&port={told.port}&user={OWNER}"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DATABASE_OWNER_URL", url)
    (tmp_path / "models.py").write_text("temper = 'journal'")
    monkeypatch.setattr(upkeep, "CODE", tmp_path)


def test_what_was_never_recorded_is_migrated() -> None:
    assert not upkeep.is_current()


def test_what_is_recorded_is_left_alone() -> None:
    upkeep.record()

    assert upkeep.is_current()


def test_any_change_of_the_code_migrates_again(tmp_path: Path) -> None:
    upkeep.record()
    (tmp_path / "models.py").write_text("temper = 'register'")

    assert not upkeep.is_current()


def test_a_migration_that_was_taken_back_runs_again(superuser: psycopg.Connection) -> None:
    upkeep.record()
    superuser.execute("DELETE FROM django_migrations WHERE app = 'remittances'")

    assert not upkeep.is_current()


def test_a_database_without_a_schema_is_migrated(superuser: psycopg.Connection) -> None:
    upkeep.record()
    superuser.execute("DROP TABLE django_migrations")

    assert not upkeep.is_current()
