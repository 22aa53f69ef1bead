"""The office that the stories play in: its payer has a contract for two codes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from openmso.contracting.testing import published
from openmso.remittances.tests.office import Office, open_office


def contracted(office: Office) -> Office:
    """The same, its payer under a contract for two codes."""
    with office.scope():
        published(
            practice=office.practice, payer_id=office.payer.id, at=office.at, rates={"99213": "92.40", "20610": "80.00"},
            wording="all: fee schedule", limits="appeal: 60 days from remittance", starts_on=date(2026, 1, 1),
        )  # fmt: skip
    return office


@pytest.fixture(scope="module")
def office_of_file(built_once: None) -> Office:
    return contracted(open_office())


@pytest.fixture
def office(db: None, office_of_file: Office) -> Office:
    return replace(office_of_file)
