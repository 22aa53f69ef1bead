"""The office that the stories play in."""

from __future__ import annotations

import pytest

from openmso.remittances.tests.office import Office, open_office


@pytest.fixture
def office(request: pytest.FixtureRequest) -> Office:
    """A practice at work, in the test's own database where it asks for `committed`."""
    request.getfixturevalue("committed" if "committed" in request.fixturenames else "db")
    return open_office()
