"""The attacks on row-level security that work against careless walls, tried as the runtime role with raw SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from openmso.agreements.testing import Cast
from openmso.patients import queries as patient_queries
from openmso.patients import testing as patients
from openmso.patients.models import Patient
from openmso.platform.tenancy.scope import atomic, reading

pytestmark = pytest.mark.django_db


def rows(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        return cursor.fetchall() if cursor.description else [(cursor.rowcount,)]


@contextmanager
def refused(words: str) -> Iterator[None]:
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        yield


@pytest.fixture
def at_rockland(cast: Cast) -> Iterator[Cast]:
    """Both practices have a patient with the record number 100; we are in Rockland."""
    for house in (cast.rockland, cast.rival):
        with cast.scope(house):
            patients.patient(practice=house.id, at=cast.at, mrn="100")
    with cast.scope(cast.rockland), atomic.open():
        yield cast


def test_without_a_setting_there_is_no_row(at_rockland: Cast) -> None:
    for value in ("", "0", "-1"):
        rows("SELECT set_config('openmso.practices', %s, true)", value)
        assert rows("SELECT count(*) FROM patients_patient") == [(0,)]


def test_other_practices_rows_are_not_changed_or_counted(at_rockland: Cast) -> None:
    rival = at_rockland.rival.id

    assert rows("SELECT count(*) FROM patients_patient") == [(1,)]
    assert rows("SELECT count(*) FROM patients_patient WHERE practice_id = %s OR true", rival) == [(1,)]
    assert rows("UPDATE patients_patient SET mrn = '7' WHERE practice_id = %s", rival) == [(0,)]
    with refused("row-level security"):
        rows("UPDATE patients_patient SET practice_id = %s", rival)


def test_no_error_tells_what_another_row_holds(at_rockland: Cast) -> None:
    """The policy is applied before a condition that fails on rows it hides, or tells by failing."""
    theirs = rows("SELECT max(id) FROM patients_patient")[0][0] + 1

    assert rows("SELECT 1 / (practice_id - %s) FROM patients_patient", at_rockland.rival.id)
    assert rows("SELECT count(*) FROM patients_patient WHERE 1 / (id - %s) > 5", theirs) == [(0,)]


def test_the_same_number_in_two_practices_is_no_conflict(at_rockland: Cast) -> None:
    """The fixture registered it twice; and within a practice the error quotes no value of the row it met."""
    again = Patient.objects.get(mrn="100")
    again.pk, again.public_id = None, "PAT-7K2P9M4X"

    with pytest.raises(IntegrityError, match="a_record_number_is_one_patient") as told, transaction.atomic():
        again.save()
    assert "100" not in str(told.value)


def test_rows_come_in_bulk_only_through_a_stage(at_rockland: Cast) -> None:
    no = pytest.raises(psycopg.errors.FeatureNotSupported, match="row-level security")
    with no, transaction.atomic(), connection.cursor() as cursor:
        with cursor.copy("COPY work_workitem (practice_id) FROM STDIN") as copy:
            copy.write("1\n")


def test_rows_leave_in_bulk_only_as_far_as_they_may_be_seen(at_rockland: Cast) -> None:
    with connection.cursor() as cursor, cursor.copy("COPY patients_patient (mrn) TO STDOUT") as copy:
        assert b"".join(copy) == b"100\n"


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE work_workitem",
        "ALTER TABLE patients_patient DISABLE ROW LEVEL SECURITY",
        "DROP POLICY in_scope ON patients_patient",
        "CREATE POLICY all_of_it ON patients_patient USING (true)",
        "GRANT openmso_owner TO openmso_app",
        "SET ROLE openmso_owner",
        "SET ROLE openmso_backup",
        "SET SESSION AUTHORIZATION openmso_owner",
        "CREATE FUNCTION public.scope_practices() RETURNS bigint[] LANGUAGE sql AS 'SELECT NULL::bigint[]'",
        "CREATE TABLE public.mine AS SELECT 1",
        "DELETE FROM audit_event",
        "UPDATE audit_head SET seq = 0",
        "COPY (SELECT 1) TO PROGRAM 'cat'",
        "SELECT pg_read_file('/etc/passwd')",
        "SET session_replication_role = replica",
    ],
)
def test_the_runtime_role_is_refused(at_rockland: Cast, statement: str) -> None:
    with refused("permission denied|must be (owner|able to|superuser)|must have|only roles with"):
        rows(statement)


def test_switching_row_security_off_shows_an_error_and_not_more_rows(at_rockland: Cast) -> None:
    rows("SET LOCAL row_security = off")
    with refused("would be affected by row-level security"):
        rows("SELECT * FROM patients_patient")


def test_a_table_of_ones_own_does_not_stand_before_the_real_one(at_rockland: Cast) -> None:
    """What runs as its owner names its tables in full, so a temporary table of that name changes nothing."""
    rows("CREATE TEMPORARY TABLE audit_head AS SELECT * FROM public.audit_head WITH NO DATA")
    with refused("permission denied"):
        rows("SELECT audit_lock_head(%s)", at_rockland.rival.id)


def test_settings_of_a_transaction_end_with_it(cast: Cast) -> None:
    with cast.scope(cast.rockland), reading():
        assert rows("SELECT count(*) FROM access_staffassignment") != [(0,)]
    assert rows("SELECT current_setting('openmso.practices', true)") == [("",)]
    assert rows("SELECT count(*) FROM access_staffassignment") == [(0,)]


def test_the_policy_uses_the_index(at_rockland: Cast) -> None:
    """The array is computed once (an init plan), so the key that starts with the practice serves it."""
    rows("SET LOCAL enable_seqscan = off")
    plan = "\n".join(line for (line,) in rows("EXPLAIN SELECT * FROM work_workitem WHERE kind = 'claims.held'"))

    assert "InitPlan" in plan
    assert "Index Cond" in plan
    assert "practice_id = ANY" in plan


def test_a_conflict_that_updates_meets_only_rows_of_the_scope(at_rockland: Cast) -> None:
    """`ON CONFLICT DO UPDATE` tells by failing, or changes, what it meets: the key begins with the practice."""
    with refused("row-level security"):
        rows(
            "INSERT INTO patients_patient SELECT (jsonb_populate_record(p, jsonb_build_object('id', p.id + 1000, "
            "'practice_id', %s))).* FROM patients_patient p ON CONFLICT (practice_id, mrn) DO UPDATE SET mrn = 'taken'",
            at_rockland.rival.id,
        )


def test_a_name_is_searched_by_its_index_behind_the_wall(at_rockland: Cast) -> None:
    """`ILIKE` is not leakproof and reads every row behind the wall; a search by prefix keeps the index."""
    rows("SET LOCAL enable_seqscan = off")
    rows("SET LOCAL enable_sort = off")
    asked = str(patient_queries._named("rock").query)
    named = Patient.objects.filter(lookup__gte="rock", lookup__lt="rock\uffff").order_by("practice", "lookup")
    by_name = named.values("practice", "lookup").query.sql_with_params()
    plan = "\n".join(line for (line,) in rows(f"EXPLAIN {by_name[0]}", *by_name[1]))

    (condition,) = [line for line in plan.splitlines() if "Index Cond" in line]
    assert "patient_by_name" in plan
    assert "practice_id = ANY" in condition
    assert "lookup" in condition
    assert '"lookup" >= rock' in asked
    assert "LIKE" not in asked


def test_two_practices_take_turns_on_one_connection_and_never_meet(cast: Cast) -> None:
    """What a pool in transaction mode does: one connection, transactions of one practice after another's."""
    for house in (cast.rockland, cast.rival):
        with cast.scope(house):
            patients.patient(practice=house.id, at=cast.at, mrn="100")
    for number in range(2_000):
        mine = cast.rockland if number % 2 else cast.rival
        with cast.scope(mine), reading():
            assert rows("SELECT DISTINCT practice_id FROM patients_patient") == [(mine.id,)]


def test_nothing_sets_a_scope_that_outlives_its_transaction() -> None:
    """`SET` without `LOCAL`, and `set_config` that is not local, would go with the connection to the next one."""
    outlives = re.compile(r"set_config\([^)]*,\s*false\)|[\"']\s*SET (?!LOCAL\b|TRANSACTION\b|CONSTRAINTS\b)[a-z]")

    assert [path for path in sources() if outlives.search(path.read_text())] == []
    assert outlives.search("cursor.execute(\"SELECT set_config('openmso.practices', %s, false)\")")
    assert outlives.search("cursor.execute('SET openmso.practices = 1')")


def sources() -> Iterator[Path]:
    """Our own code, tests aside: what speaks to the database as the runtime role."""
    root = Path(__file__).parents[2] / "src/openmso"
    own = {"migrations", "tests", "database"}
    return (path for path in sorted(root.rglob("*.py")) if not own & set(path.parts))
