"""Two practices share a table; neither can read, write, count or point into the other's rows."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from openmso.platform.access.models import ScopeGrant, StaffAssignment
from openmso.platform.database.connect import APP
from openmso.platform.identity.models import User
from openmso.platform.tenancy import walls
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import NoScope, ScopeChanged, atomic, reading, scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def rockland() -> Tenant:
    return Tenant.objects.create(code="ROCK", name="Rockland Family Practice", kind="practice")


@pytest.fixture
def rival() -> Tenant:
    return Tenant.objects.create(code="RIVAL", name="Rival Eye Care", kind="practice")


@pytest.fixture
def priya() -> User:
    return User.objects.create_user("priya@mso.example", name="Priya")


def assign(tenant: Tenant, user: User, role: str = "biller") -> StaffAssignment:
    with scope(practices=[tenant.pk]), atomic.open():
        return StaffAssignment.objects.create(practice=tenant, user=user, role=role, starts_on="2026-01-01")


def test_without_a_scope_a_manager_refuses_rather_than_shows_everything() -> None:
    with pytest.raises(NoScope):
        StaffAssignment.objects.count()


def test_without_a_scope_the_database_shows_no_row(rockland: Tenant, priya: User) -> None:
    assign(rockland, priya)

    with scope(), reading():
        assert StaffAssignment._base_manager.count() == 0


def test_a_scope_shows_its_own_practices_rows_even_to_raw_sql(rockland: Tenant, rival: Tenant, priya: User) -> None:
    assign(rockland, priya)
    assign(rival, priya)

    with scope(practices=[rockland.pk]), reading(), connection.cursor() as cursor:
        cursor.execute("SELECT practice_id FROM access_staffassignment")

        assert cursor.fetchall() == [(rockland.pk,)]


def test_rows_of_another_practice_are_neither_written_moved_nor_removed(
    rockland: Tenant, rival: Tenant, priya: User
) -> None:
    theirs = assign(rival, priya)

    with scope(practices=[rockland.pk]), atomic.open(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_staffassignment SET role = 'x' WHERE id = %s", [theirs.pk])
        assert cursor.rowcount == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            StaffAssignment(practice=rival, user=priya, role="x", starts_on="2026-02-01").save()
        mine = StaffAssignment.objects.create(practice=rockland, user=priya, role="y", starts_on="2026-01-01")
        mine.practice = rival
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            mine.save()


def test_a_register_cannot_point_into_another_practice(rockland: Tenant, rival: Tenant) -> None:
    """Foreign keys of PostgreSQL ignore row security; the composite keys of the walls do not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname LIKE %s",
            ["%_same_practice"],
        )
        keys = cursor.fetchall()
    for model in walls.our_models():
        if model.scope != "practice" or model.temper not in {"register", "workpaper"}:
            continue
        for field in model._meta.local_fields:
            if isinstance(field, walls.PracticeForeignKey):
                wanted = f"(practice_id, {field.column})"
                assert any(table == model._meta.db_table and wanted in key for table, key in keys), wanted


def test_the_scope_of_a_transaction_cannot_change_inside_it(rockland: Tenant, rival: Tenant) -> None:
    with scope(practices=[rockland.pk]), atomic.open(), pytest.raises(ScopeChanged), scope(practices=[rival.pk]):
        pass  # pragma: no cover


def test_a_savepoint_leaves_no_wider_scope_behind(rockland: Tenant, rival: Tenant, priya: User) -> None:
    assign(rival, priya)

    with scope(practices=[rockland.pk]), atomic.open():
        with atomic.open():
            pass
        assert StaffAssignment._base_manager.count() == 0


def test_the_scope_ends_with_its_transaction(rockland: Tenant, priya: User) -> None:
    assign(rockland, priya)

    with scope(practices=[rockland.pk]), reading():
        assert StaffAssignment.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_staffassignment")
        assert cursor.fetchone() == (0,)


def test_seeing_ones_own_assignment_gives_no_right_to_write_one(rockland: Tenant, rival: Tenant, priya: User) -> None:
    """Whoever may only see a row may not make, move or end one: else anybody could assign themselves anywhere."""
    mine = assign(rockland, priya)
    theirs = StaffAssignment(practice=rival, user=priya, role="practice_owner", starts_on="2026-01-01")

    with scope(user=priya.pk), atomic.open():
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            theirs.save()
        assert StaffAssignment._base_manager.filter(pk=mine.pk).update(role="practice_owner") == 0


def test_a_person_sees_their_own_assignments_before_any_practice_is_in_scope(rockland: Tenant, priya: User) -> None:
    assign(rockland, priya)
    theo = User.objects.create_user("theo@rival.example", name="Theo")
    assign(rockland, theo)

    with scope(user=priya.pk), reading():
        assert [row.user_id for row in StaffAssignment._base_manager.all()] == [priya.pk]


def test_journals_refuse_every_change(rockland: Tenant) -> None:
    with scope(practices=[rockland.pk]), atomic.open():
        ScopeGrant.objects.create(
            practice=rockland, agreement="AGR-1", line="denials", opens=["clinical"], starts_on="2026-01-01",
            document_sha256="a" * 64, executed_at="2026-01-01T00:00:00Z",
        )  # fmt: skip
        for statement in ("UPDATE access_scopegrant SET line = 'it'", "DELETE FROM access_scopegrant",
                          "TRUNCATE access_scopegrant"):  # fmt: skip
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                connection.cursor().execute(statement)


def test_a_grant_without_an_executed_document_cannot_exist(rockland: Tenant) -> None:
    with scope(practices=[rockland.pk]), atomic.open():
        with (
            pytest.raises(IntegrityError, match="no_grant_without_an_executed_document"),
            transaction.atomic(),
        ):
            ScopeGrant.objects.create(
                practice=rockland, agreement="AGR-1", line="denials", opens=[], starts_on="2026-01-01",
                document_sha256="", executed_at="2026-01-01T00:00:00Z",
            )  # fmt: skip


def test_the_runtime_role_owns_nothing_and_bypasses_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles "
                       "WHERE rolname = current_user")  # fmt: skip
        assert cursor.fetchone() == (APP, False, False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
        assert cursor.fetchone() == (0,)
