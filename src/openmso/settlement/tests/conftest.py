"""The desk that the stories play at."""

from __future__ import annotations

import pytest

from openmso.agreements.testing import Cast
from openmso.settlement.tests.desk import Desk, desk_of


@pytest.fixture
def desk(cast: Cast) -> Desk:
    """The controller's desk, in the test's own database where it asks for `committed`."""
    return desk_of(cast)
