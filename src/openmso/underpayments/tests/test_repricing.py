"""What would a proposal have brought? Each line as if it had held, told by code and clinician, and nothing changes."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from typer.testing import CliRunner

from openmso.agreements import testing as agreements
from openmso.charges.models import Charge
from openmso.cli import setup
from openmso.cli.price import app
from openmso.contracting import services as contracts
from openmso.contracting.contracts import Contract, Terms
from openmso.kit import clock
from openmso.kit.errors import Refused
from openmso.platform.accounts.testing import signed_in
from openmso.remittances.tests.office import Office
from openmso.underpayments.contracts import By
from openmso.underpayments.repricing import reprice
from openmso.underpayments.tests.test_stories import answer, posted, sent

pytestmark = pytest.mark.django_db
YEAR = {"since": date(2026, 1, 1), "until": date(2027, 1, 1)}


def proposed(office: Office, wording: str) -> Contract:
    """A draft beside the fee schedule of the office (99213 for 92.40, 20610 for 80.00)."""
    with office.scope():
        return contracts.draft(
            actor=office.actor, practice=office.practice, payer_id=office.payer.id, terms=Terms(wording),
            starts_on=date(2027, 1, 1), at=office.at,
        )  # fmt: skip


def test_each_line_is_priced_as_if_the_proposal_had_held_and_nothing_changes(office: Office) -> None:
    first = sent(office)
    sent(office)
    office.sent(("99213", "90.00"))  # nothing was expected of it
    posted(office, answer(first, "85.00", "70.00"))
    draft = proposed(office, "20610: $100.00 each\n99202-99499: 70% of charge\nall: not paid")

    with office.reading():
        with pytest.raises(Refused, match="end before they begin"):
            reprice(contract=draft.public_id, since=YEAR["until"], until=YEAR["since"])
        before = list(Charge.objects.order_by("pk").values_list("expected_amount", flat=True))
        found = reprice(contract=draft.public_id, **YEAR)
        again = reprice(contract=draft.public_id, number=1, **YEAR)
        assert list(Charge.objects.order_by("pk").values_list("expected_amount", flat=True)) == before

    total, visit, injection = found.total, *sorted(found.by[By.CODE], key=lambda one: one.name, reverse=True)
    assert (found.version, found.is_draft, str(found.allowed)) == (2, True, "155.00")
    assert (visit.lines, visit.untold, str(visit.charged)) == (3, 1, "370.00")
    assert (str(visit.current), str(visit.proposed), str(visit.difference)) == ("184.80", "196.00", "11.20")
    assert (str(injection.proposed), str(injection.difference)) == ("200.00", "40.00")
    assert total.difference == visit.difference + injection.difference
    assert [one.name for one in found.by[By.CODE]] == ["20610", "99213"], "the largest difference comes first"
    assert [one.name for one in found.by[By.CLINICIAN]] == ["Nobody named"]
    assert again.total.difference.amount == Decimal(0), "what holds brings what it brought"


def test_screen_software_and_command_tell_the_same(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: office.at)
    sent(office)
    draft = proposed(office, "all: 70% of charge")
    ana = signed_in(agreements.person("ana@rockland.example", "Ana", practice=office.practice, role="practice_owner",
                                      at=office.at))  # fmt: skip
    theo = signed_in(agreements.person("theo@rival.example", "Theo", practice=agreements.party_builders.practice(
        at=office.at, code="RIVAL", name="Rival Eye Care").id, role="practice_owner", at=office.at))  # fmt: skip
    address = reverse("underpayments:repricing", args=[draft.public_id, 2])
    software = f"/api/payer-contracts/{draft.public_id}/versions/2/repricing?since=2026-01-01&until=2027-01-01"

    assert address in ana.get(reverse("underpayments:reprice", args=[draft.public_id])).content.decode()
    page = ana.get(address, {"q": "months:3"}).content.decode()
    told = ana.get(software).json()
    assert told["total"]["difference"] == "55.10"
    sheet = b"".join(ana.get(address, {"export": "csv"})).decode()
    assert theo.get(address).status_code == theo.get(software).status_code == 404
    assert "20610" not in page, "the month that runs is not repriced"
    assert "Difference" in sheet

    monkeypatch.setattr(setup, "database", nullcontext)
    command = ["reprice", draft.public_id, "--since", "2026-01-01", "--until", "2027-01-01", "--json"]
    assert json.loads(CliRunner().invoke(app, command).output) == told
    lost = CliRunner().invoke(app, ["reprice", "PCN-22222222"])
    assert (lost.exit_code, "There is no payer contract" in lost.output + lost.stderr) == (1, True)
