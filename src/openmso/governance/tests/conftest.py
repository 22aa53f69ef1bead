"""The room of a joint board."""

from __future__ import annotations

import pytest

from openmso.agreements.testing import Cast
from openmso.governance.tests.room import Room, room_of


@pytest.fixture
def room(cast: Cast) -> Room:
    """A board with an accepted charter and three seats."""
    return room_of(cast)
