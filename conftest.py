"""Fixtures of the whole suite: a real PostgreSQL, a database of its own for every worker, and the cast.

`tests/postgres.py` starts the server and migrates a template. Each worker gets a clone of it for tests that are
rolled back; tests that must commit ask for `committed`, a clone of their own, or share one `cleared` after each.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest

from tests.postgres import TEMPLATE

hypothesis.settings.register_profile("unhurried", deadline=None)  # a deadline would measure the machine
hypothesis.settings.load_profile("unhurried")

ROOT = Path(__file__).parent
SHARED = ROOT.parent / "shared"
LONGEST = (
    "tests/api/test_schemathesis.py", "tests/browser/test_accessibility.py", "tests/architecture/test_links.py",
    "tests/browser/test_sign_in.py", "tests/architecture/test_routes.py",
    "tests/faults/test_kill_posting.py", "src/openmso/simulator/tests/test_network.py",
)  # fmt: skip
"""The files that take twenty seconds and more; a worker of a parallel run takes whole files."""


OF_THEIR_OWN = {"committed", "cleared", "transactional_db", "live_server"}
"""Fixtures of a database that is not rolled back: a file that uses one builds its cast for each test."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files begin first, so that no worker is alone with one at the end; a file builds its cast once."""
    places = {ROOT / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(LONGEST)))
    tests = [item for item in items if isinstance(item, pytest.Function)]
    apart = {item.path for item in tests if OF_THEIR_OWN & set(item.fixturenames)}
    for item in tests:
        if "cast" in item.fixturenames and item.path not in apart:
            item.fixturenames.insert(0, "_cast_of_file")  # before the test's own transaction begins


def clone(name: str) -> str:
    """A fresh copy of the migrated template; returns its name."""
    from openmso.platform.database import bootstrap

    with psycopg.connect(os.environ["OPENMSO_TEST_SERVER"], autocommit=True) as connection:
        bootstrap.drop_database(connection, name)
        bootstrap.make_database(connection, name, template=TEMPLATE, strategy="FILE_COPY")
    return name


def drop(name: str) -> None:
    """Drop a copy."""
    from openmso.platform.database import bootstrap

    with psycopg.connect(os.environ["OPENMSO_TEST_SERVER"], autocommit=True) as connection:
        bootstrap.drop_database(connection, name)


def worker() -> str:
    """The name of this process of a parallel run, for what each must have of its own."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """This worker's database; tests connect to it as the runtime role, as production does."""
    from django.db import connections

    name = clone(f"openmso_test_{worker()}")
    connections["default"].settings_dict["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    drop(name)


@pytest.fixture
def committed(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of this test alone in which transactions really commit; the value is its name."""
    assert request.node.get_closest_marker("django_db") is None, "`committed` takes the place of `django_db`"
    name = clone(f"openmso_committed_{worker()}")
    with django_db_blocker.unblock(), working_in(name):
        yield name
    drop(name)


@pytest.fixture(scope="module")
def _kept(django_db_setup: None) -> Iterator[tuple[str, set[str]]]:
    """A clone for a file of tests, and the tables that have rows from the migrations."""
    name = clone(f"openmso_cleared_{worker()}")
    yield name, filled(name)
    drop(name)


@pytest.fixture
def cleared(_kept: tuple[str, set[str]], django_db_blocker: Any) -> Iterator[str]:
    """A database as `committed` is, one for all tests of a file: what each left in it is deleted after it.

    For tests that add and change rows and nothing else of the database; deleting them is a tenth of another clone.
    Their file says so: its own `committed` returns this one.
    """
    name, from_migrations = _kept
    with django_db_blocker.unblock(), working_in(name):
        yield name
    with psycopg.connect(f"{os.environ['OPENMSO_TEST_SERVER']} dbname={name}", autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                           " WHERE datname = current_database() AND pid <> pg_backend_pid()")  # fmt: skip
        connection.execute("SET session_replication_role = replica")  # no trigger refuses
        for table in filled(name) - from_migrations:
            connection.execute(f"DELETE FROM {table}")


@contextmanager
def working_in(name: str) -> Iterator[None]:
    """Within it the application works in this database."""
    from django.db import connections

    usual = connections["default"].settings_dict["NAME"]
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = usual


def filled(name: str) -> set[str]:
    """The tables of a database that have, or had, rows."""
    with psycopg.connect(f"{os.environ['OPENMSO_TEST_SERVER']} dbname={name}") as connection:
        found = connection.execute("SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace ="
                                   " 'public'::regnamespace AND pg_relation_size(oid) > 0").fetchall()  # fmt: skip
    return {table for (table,) in found}


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens within is undone; to the house it is no transaction, as that of Django's own tests is none."""
    from django.db import transaction

    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def built_once(_documents_of_one_run: None, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """What fixtures of a whole file build is there for all its tests; what a test does to it is undone after it."""
    with django_db_blocker.unblock(), undone():
        yield


@pytest.fixture
def superuser(request: pytest.FixtureRequest) -> Iterator[psycopg.Connection]:
    """A superuser's connection to the `committed` database: the attacker of the tamper tests."""
    name = request.getfixturevalue("committed")
    with psycopg.connect(f"{os.environ['OPENMSO_TEST_SERVER']} dbname={name}", autocommit=True) as connection:
        yield connection


@pytest.fixture
def cast(request: pytest.FixtureRequest) -> Any:
    """Priya bills for Rockland, Ana owns it, Theo owns a rival practice and must see nothing of it.

    In the test's own database where it asks for `committed`, else in the one that is rolled back: there it is built
    once for all tests of a file.
    """
    request.getfixturevalue("committed" if "committed" in request.fixturenames else "db")
    if "_cast_of_file" in request.fixturenames:
        return request.getfixturevalue("_cast_of_file")
    from openmso.agreements import testing

    return testing.cast()


@pytest.fixture
def now(cast: Any, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The instant at which the cast plays, which the house's clock shows."""
    from openmso.kit import clock

    monkeypatch.setattr(clock, "now", lambda: cast.at)
    return cast.at  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def _cast_of_file(built_once: None) -> Any:
    from openmso.agreements import testing

    return testing.cast()


@pytest.fixture
def shared() -> Path:
    """The folder of real sample files beside the project; without it the test is skipped, saying so."""
    if not SHARED.is_dir():
        pytest.skip(f"real sample files are not here: {SHARED} is missing")
    return SHARED


@pytest.fixture(scope="session", autouse=True)
def _codes_that_do_not_run_out() -> Iterator[None]:
    """An authenticator's digits hold for years: they would change between being read and being typed, now and then."""
    from django.test import override_settings

    with override_settings(MFA_TOTP_PERIOD=1_000_000_000):
        yield


@pytest.fixture(scope="session", autouse=True)
def _documents_of_one_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Stored documents go to a folder of the run; static files need not be collected."""
    from django.conf import settings
    from django.test import override_settings

    folder = Path(tempfile.gettempdir()) / f"openmso-documents-{os.getpid()}"
    storages = {
        "documents": {
            "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }  # fmt: skip
    with override_settings(STATIC_ROOT=tmp_path_factory.getbasetemp(), STORAGES=settings.STORAGES | storages):
        yield
