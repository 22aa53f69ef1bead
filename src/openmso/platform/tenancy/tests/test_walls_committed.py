"""What only shows against a superuser, or with a wall taken down."""

from __future__ import annotations

import psycopg
import pytest

from openmso.platform.access.models import StaffAssignment
from openmso.platform.identity.models import User
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import atomic, reading, scope


def test_journals_refuse_change_even_to_a_superuser(superuser: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.RestrictViolation, match="never changed"):
        superuser.execute("DELETE FROM access_grantend")


def test_negative_control_an_unwalled_table_leaks(superuser: psycopg.Connection) -> None:
    """The harness of the walls must be able to fail: with the wall down, the other practice's row shows."""
    rockland = Tenant.objects.create(code="ROCK", name="Rockland Family Practice", kind="practice")
    rival = Tenant.objects.create(code="RIVAL", name="Rival Eye Care", kind="practice")
    theo = User.objects.create_user("theo@rival.example", name="Theo")
    with scope(practices=[rival.pk]), atomic.open():
        StaffAssignment.objects.create(practice=rival, user=theo, role="biller", starts_on="2026-01-01")
    with scope(practices=[rockland.pk]), reading():
        assert StaffAssignment._base_manager.count() == 0

    superuser.execute("ALTER TABLE access_staffassignment DISABLE ROW LEVEL SECURITY")

    with scope(practices=[rockland.pk]), reading():
        assert StaffAssignment._base_manager.count() == 1
