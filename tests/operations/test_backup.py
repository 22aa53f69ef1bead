"""A backup holds every row, a restored copy is proven equal, and whoever sees too little cannot make one."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from conftest import drop
from openmso.agreements.testing import Cast
from openmso.cli.main import app
from openmso.kit import clock
from openmso.patients import testing as patients
from openmso.platform.database import backup
from openmso.platform.database.connect import APP, BACKUP, OWNER

RESTORED = "openmso_restored"


@pytest.fixture
def filled(cast: Cast, committed: str) -> str:
    for house in (cast.rockland, cast.rival):
        with cast.scope(house):
            patients.patient(practice=house.id, at=cast.at, mrn="100")
    return committed


@pytest.fixture
def restored() -> Iterator[str]:
    yield RESTORED
    drop(RESTORED)


def login(database: str, user: str) -> str:
    return psycopg.conninfo.make_conninfo(os.environ["OPENMSO_TEST_SERVER"], dbname=database, user=user)


def run(*arguments: str | Path) -> tuple[int, dict[str, object]]:
    done = CliRunner().invoke(app, ["db", *map(str, arguments), "--json"])
    return done.exit_code, json.loads(done.stdout) if done.stdout else {"refused": done.exception}


def test_a_restored_copy_holds_the_same_rows_and_a_changed_one_is_told(
    filled: str, restored: str, tmp_path: Path, superuser: psycopg.Connection
) -> None:
    dump = tmp_path / "nightly.dump"

    status, told = run("backup", dump, "--dsn", login(filled, BACKUP))
    listed = json.loads((tmp_path / "nightly.dump.json").read_text())["tables"]
    assert status == 0
    assert told["tables"] == len(listed)
    assert listed["patients_patient"]["rows"] == 2, "of both practices"

    server = os.environ["OPENMSO_TEST_SERVER"]
    assert run("restore", dump, "--name", restored, "--superuser", server) == (0, {"same": True, "differences": []})
    with psycopg.connect(login(restored, APP)) as app_there:
        assert app_there.execute("SELECT count(*) FROM patients_patient").fetchone() == (0,), "the walls came along"

    with psycopg.connect(f"{server} dbname={restored}", autocommit=True) as there:
        there.execute(
            "UPDATE patients_patient SET first_name = 'Other' WHERE id = (SELECT min(id) FROM patients_patient)"
        )
        there.execute("DELETE FROM access_staffassignment")
    status, told = run("compare", dump, "--dsn", login(restored, BACKUP))
    assert status == 1
    assert told["differences"] == [
        f"access_staffassignment has 0 rows instead of {listed['access_staffassignment']['rows']}",
        "patients_patient has other rows than were dumped",
    ]


@pytest.mark.parametrize("role", [APP, OWNER])
def test_a_role_that_sees_too_little_is_refused_and_dumps_nothing(filled: str, tmp_path: Path, role: str) -> None:
    """`pg_dump --enable-row-security` would write an empty copy of every table, and say nothing."""
    with pytest.raises(backup.CannotBackUp, match="would lack rows"):
        backup.back_up(login(filled, role), to=tmp_path / "empty.dump", at=clock.now())

    assert list(tmp_path.iterdir()) == []


def test_a_dump_that_is_not_the_listed_one_is_refused(filled: str, restored: str, tmp_path: Path) -> None:
    dump = tmp_path / "nightly.dump"
    run("backup", dump, "--dsn", login(filled, BACKUP))
    dump.write_bytes(dump.read_bytes()[:-1])

    with pytest.raises(backup.CannotBackUp, match="is not the dump"):
        backup.restore(dump, superuser=os.environ["OPENMSO_TEST_SERVER"], name=restored)


def test_a_backup_is_never_written_over(filled: str, tmp_path: Path) -> None:
    (tmp_path / "nightly.dump").write_bytes(b"yesterday's")

    with pytest.raises(backup.CannotBackUp, match="is there already"):
        backup.back_up(login(filled, BACKUP), to=tmp_path / "nightly.dump", at=clock.now())


def test_a_key_that_points_into_another_practice_is_found(
    filled: str, cast: Cast, superuser: psycopg.Connection
) -> None:
    """Journals have no foreign keys; a row that was smuggled past the services is seen by the proof."""
    assert run("keys")[0] == 0
    superuser.execute(
        "INSERT INTO access_phicoverend (practice_id, cover_id, ends_on, ended_at, why) "
        "SELECT %s, max(id), '2026-01-01', now(), 'smuggled' FROM access_phicover WHERE practice_id = %s",
        [cast.rival.id, cast.rockland.id],
    )

    status, told = run("keys")

    assert status == 1
    assert told["stray"] == [{"table": "access_phicoverend", "column": "cover_id", "rows": 1}]
