"""A practice with everything that a month leaves behind, built once for the tests of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from openmso.kit import clock
from openmso.parties import testing as parties
from openmso.parties.testing import House
from openmso.platform.accounts import testing
from openmso.platform.tenancy.models import Tenant
from tests.architecture import matrix, objects


@pytest.fixture(scope="module")
def month(django_db_setup: None, django_db_blocker: Any) -> Iterator[House]:
    """The practice MINE, managed by the MSO MMINE."""
    with django_db_blocker.unblock(), matrix.undone():
        house = parties.practice(at=clock.now(), code="MINE", name="Mine Clinic")
        testing.open_lines(Tenant.objects.get(pk=house.id))
        objects.build_all(house, "MYOWN")
        yield house


@pytest.fixture
def undone(month: House) -> Iterator[House]:
    """The same, and what a test does to it is undone."""
    with matrix.undone():
        yield month
