"""The cast of the ledger's tests: Rockland keeps books, a rival keeps others, the MSO its own."""

from __future__ import annotations

import pytest

from openmso.ledger import testing
from openmso.ledger.contracts import Book
from openmso.platform.tenancy.models import Tenant


@pytest.fixture
def rockland(db: None) -> Tenant:
    return testing.tenant("ROCK", "Rockland Family Practice")


@pytest.fixture
def book(rockland: Tenant) -> Book:
    return testing.open_books(rockland)


@pytest.fixture
def rival(db: None) -> Book:
    return testing.open_books(testing.tenant("RIVAL", "Rival Eye Care"))
