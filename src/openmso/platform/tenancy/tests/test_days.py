"""Days belong to a zone: late in the evening it is tomorrow in UTC, and perhaps next month."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from openmso.platform.tenancy import queries
from openmso.platform.tenancy.models import Tenant

pytestmark = pytest.mark.django_db
LATE = datetime(2026, 12, 1, 2, 30, tzinfo=UTC)


def test_the_day_of_a_practice_is_that_of_its_zone() -> None:
    rockland = Tenant.objects.create(code="ROCK", name="Rockland Family Practice", kind="practice")

    assert queries.today(rockland.pk, LATE) == date(2026, 11, 30)


def test_the_day_of_the_network_is_that_of_the_mso() -> None:
    Tenant.objects.create(code="FAR", name="Far East Clinic", kind="practice", zone="Pacific/Guam")
    assert queries.network_day(LATE) == date(2026, 12, 1), "before there is an MSO"

    Tenant.objects.create(code="HARBOR", name="Harbor Ridge MSO", kind="mso")

    assert queries.network_day(LATE) == date(2026, 11, 30)
