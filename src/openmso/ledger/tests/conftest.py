"""The cast of the ledger's tests: Rockland keeps books, a rival keeps others; Rui controls, Ana owns Rockland."""

from __future__ import annotations

import pytest
from django.test import Client

from openmso.ledger import testing
from openmso.ledger.contracts import Book
from openmso.platform.accounts import testing as people
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


@pytest.fixture
def rui(book: Book, rockland: Tenant) -> Client:
    """The browser of the MSO's controller, whose agreement with Rockland puts accounting in scope."""
    people.open_lines(rockland)
    return people.signed_in(people.person("rui@mso.example", "Rui Castell", controller=rockland))


@pytest.fixture
def ana(book: Book, rockland: Tenant) -> Client:
    """The browser of Rockland's owner, who may read her books and change nothing in them."""
    return people.signed_in(people.person("ana@rockland.example", "Ana Ruiz", practice_owner=rockland))
