"""Practices whose work the tests of this app do."""

from __future__ import annotations

import pytest

from openmso.platform.accounts.testing import open_lines, tenant
from openmso.platform.tenancy.models import Tenant


@pytest.fixture
def rock() -> Tenant:
    made = tenant("ROCK", "Rockland Family Practice")
    open_lines(made)
    return made


@pytest.fixture
def rival() -> Tenant:
    made = tenant("RIVAL", "Rival Eye Care")
    open_lines(made)
    return made
