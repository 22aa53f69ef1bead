"""The office that the stories play in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openmso.remittances.tests.office import Office, open_office


@pytest.fixture(scope="module")
def office_of_file(built_once: None) -> Office:
    """A practice at work, built once for all tests of a file; what each does is undone."""
    return open_office()


@pytest.fixture
def office(db: None, office_of_file: Office) -> Office:
    """The practice as it was built. A file whose tests commit opens its own office in each."""
    return replace(office_of_file)
