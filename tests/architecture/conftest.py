"""What the tests of this folder look at, built once for the tests of a file: a month, and twin practices."""

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


@pytest.fixture(scope="module")
def _world(django_db_setup: None, django_db_blocker: Any) -> Iterator[matrix.World]:
    """The objects, built once for all tests of this module."""
    with django_db_blocker.unblock(), matrix.undone():
        yield matrix.world()


@pytest.fixture
def world(_world: matrix.World) -> Iterator[matrix.World]:
    """The objects as they were built, whatever an earlier test did to them."""
    with matrix.undone():
        yield _world
