"""What the tests of this folder look at, built once for the tests of a file: a month, and twin practices."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import conftest
from openmso.kit import clock
from openmso.parties import testing as parties
from openmso.parties.testing import House
from openmso.platform.accounts import testing
from openmso.platform.tenancy.models import Tenant
from tests.architecture import matrix, objects


@pytest.fixture(scope="module")
def month(built_once: None) -> House:
    """The practice MINE, managed by the MSO MMINE."""
    house = parties.practice(at=clock.now(), code="MINE", name="Mine Clinic")
    testing.open_lines(Tenant.objects.get(pk=house.id))
    objects.build_all(house, "MYOWN")
    return house


@pytest.fixture
def undone(month: House) -> Iterator[House]:
    """The same, and what a test does to it is undone."""
    with conftest.undone():
        yield month


@pytest.fixture(scope="module")
def _world(built_once: None) -> Iterator[matrix.World]:
    """The objects, built once for all tests of this module."""
    with matrix.of_the_practice():
        yield matrix.world()


@pytest.fixture
def world(_world: matrix.World) -> Iterator[matrix.World]:
    """The objects as they were built, whatever an earlier test did to them."""
    with conftest.undone():
        yield _world
