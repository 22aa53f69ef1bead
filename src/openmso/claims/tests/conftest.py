"""The practice that bills in the stories of the screens, and the biller who is signed in."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from openmso.agreements.testing import Cast
from openmso.claims import testing
from openmso.claims.testing import BillingHouse
from openmso.platform.accounts.testing import signed_in


@pytest.fixture
def rockland(cast: Cast, now: datetime) -> BillingHouse:
    return testing.open_for_billing(cast.rockland, cast.payer, at=now)


@pytest.fixture
def priya(cast: Cast, now: datetime) -> Client:
    return signed_in(cast.priya)
