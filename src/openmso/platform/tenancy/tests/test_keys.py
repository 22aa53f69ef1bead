"""A list of keys goes to the database as one array, and finds what it names."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openmso.platform.access.models import StaffAssignment
from openmso.platform.identity.models import User
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import atomic, reading, scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def practices() -> list[Tenant]:
    return [Tenant.objects.create(code=f"PRAC{n}", name=f"Practice {n}", kind="practice") for n in range(3)]


@pytest.fixture
def priya(practices: list[Tenant]) -> User:
    priya = User.objects.create_user("priya@mso.example", name="Priya")
    for practice in practices:
        with scope(practices=[practice.pk]), atomic.open():
            StaffAssignment.objects.create(practice=practice, user=priya, role="biller", starts_on="2026-01-01")
    return priya


def test_a_statement_is_no_longer_for_a_hundred_keys_than_for_two(practices: list[Tenant]) -> None:
    def length(keys: list[int]) -> int:
        sql, parameters = Tenant.objects.filter(pk__in=keys).query.sql_with_params()
        assert len(parameters) == 1
        return len(sql)

    assert length(list(range(1, 101))) == length([1, 2])


@pytest.mark.usefixtures("priya")
def test_keys_find_their_rows_named_once_or_twice_as_rows_or_as_numbers(practices: list[Tenant]) -> None:
    first, second, third = practices
    keys = [tenant.pk for tenant in practices]

    with scope(practices=keys), reading():
        held = StaffAssignment.objects.values_list("practice__code", flat=True).order_by("practice__code")

        assert list(held) == ["PRAC0", "PRAC1", "PRAC2"]
        assert list(held.filter(practice__in=[first, third.pk, third.pk])) == ["PRAC0", "PRAC2"]
        assert list(held.filter(practice_id__in=[second.pk, None])) == ["PRAC1"]
        assert list(held.exclude(practice__in=[first.pk, second.pk])) == ["PRAC2"]
        assert list(held.filter(practice__in=Tenant.objects.filter(code="PRAC1"))) == ["PRAC1"]
        assert list(held.filter(practice__in=[])) == []
        assert len(held.exclude(practice__in=[])) == 3


@pytest.mark.usefixtures("priya")
def test_one_key_is_an_equality_which_an_index_keeps_in_order(practices: list[Tenant]) -> None:
    with scope(practices=[practices[0].pk]), reading(), CaptureQueriesContext(connection) as asked:
        assert StaffAssignment.objects.count() == 1

    assert f'"practice_id" = {practices[0].pk}' in asked.captured_queries[-1]["sql"]
