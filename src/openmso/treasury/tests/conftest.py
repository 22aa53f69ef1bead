"""The till that the stories play at."""

from __future__ import annotations

import pytest

from openmso.agreements.testing import Cast
from openmso.treasury.tests.till import Till, till_of


@pytest.fixture
def till(cast: Cast) -> Till:
    """Pine Clinic's till."""
    return till_of(cast)
