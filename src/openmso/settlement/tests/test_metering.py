"""Fees by the unit: what is counted, by which records, once, and what becomes of what comes too late."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from typer.testing import CliRunner

from openmso.agreements import testing as agreements
from openmso.cli.main import app
from openmso.kit import clock
from openmso.kit.errors import NotFound
from openmso.parties.services import clinicians
from openmso.parties.testing import builder
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy.scope import atomic, reading
from openmso.platform.work import services as working
from openmso.remittances.tests.office import MARCH
from openmso.settlement import ahead, services
from openmso.settlement.contracts import Settlement
from openmso.settlement.models import MeteredRecord
from openmso.settlement.queries import metering
from openmso.settlement.tests.desk import Desk, desk_beside
from openmso.settlement.tests.test_stories import busy, month, unit

APRIL = MARCH.plus(1)
TERMS = month(
    unit("claim", "claims", "9.50"), {"kind": "per_unit", "unit": "payment_posted", "price": "1.00"},
    {"kind": "per_unit", "unit": "task:claims.held", "price": "2.00"}, unit("fte", "ftes", "10.00"),
)  # fmt: skip


def closed_by_priya(pine: Desk) -> None:
    """An item of work that Priya of the MSO closes in March."""
    cast = pine.cast
    agreements.person(cast.priya.email, "Priya Raman", practice=pine.house.id, role="biller", at=cast.at)
    with pine.scope():
        item = working.open_item(
            practice=pine.house.id, kind="claims.held", subject=("claims.claim", "CLM-1"), title="Held", why="Held.",
            key="held", priority=50, priority_why="By dollars", at=datetime(2026, 3, 9, 14, tzinfo=UTC),
            due_at=datetime(2026, 4, 2, tzinfo=UTC),
        )  # fmt: skip
        working.done(actor=cast.actor(cast.priya, fresh=True), public_id=item, at=datetime(2026, 3, 10, 14, tzinfo=UTC))


@pytest.mark.usefixtures("committed")
def test_what_is_metered_is_frozen_with_its_records_and_what_comes_late_is_in_the_next_month(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    pine = desk_beside(desk, TERMS)
    busy(pine)
    closed_by_priya(pine)
    with pine.scope():  # from 16 March Mara is there half of her time; what was entered first was wrong
        for share, minute in (("0.9", 1), ("0.5", 2)):
            clinicians.state_time(
                actor=builder(pine.cast.at), practice=pine.house.id, clinician=pine.house.clinician.public_id,
                share=Decimal(share), starts_on=date(2026, 3, 16), shows="Employment agreement, section 2",
                at=pine.cast.at + timedelta(minutes=minute),
            )  # fmt: skip
    owner = agreements.person("ora@pine.example", "Dr. Ora Pine", practice=pine.house.id, role="practice_owner",
                              at=pine.cast.at)  # fmt: skip

    march = pine.settle()

    def counted(one: Settlement, name: str) -> tuple[str, int, int]:
        with pine.scope(), reading():
            frozen, rows = metering.frozen(one.public_id, name), metering.every(one.public_id, name)
        assert (frozen.records, frozen.late) == (len(rows), sum(row.late for row in rows))
        return frozen.quantity, len(rows), frozen.late

    # 4 claims, 5 decisions of payers (one takes back), 1 item, 1 clinician for 15 days and 16 halves of 31
    assert str(march.fee) == "52.42"
    read = {name: counted(march, name) for name in ("claims", "payments_posted", "tasks:claims.held", "ftes")}
    assert read == {
        "claims": ("4", 4, 0), "payments_posted": ("5", 5, 0), "tasks:claims.held": ("1", 1, 0), "ftes": ("0.7419", 1, 0),
    }  # fmt: skip

    # A claim of 12 March that comes in after March was settled; and the owner closes what is hers to close.
    pine.office.sent(("99213", "100.00"))
    with pine.scope():
        services.approve(actor=pine.cast.actor(owner, at=pine.at), settlement=march.public_id, at=pine.at)
    pine.at = datetime(2026, 5, 4, 14, tzinfo=UTC)
    with pine.scope(), reading():
        told = ahead.of_practice(pine.house.id, APRIL, at=pine.at)
    april = pine.settle(APRIL)

    assert str(april.fee) == str(told.fee) == "14.50"
    assert (counted(april, "claims"), counted(march, "claims")) == (("1", 1, 1), ("4", 4, 0))
    (row,) = (row for row in pine.statement(april).section("fee") if row.label.endswith("a claim"))
    assert "1 of them recorded after their month was settled" in row.note
    with pine.scope(), reading(), pytest.raises(NotFound, match="not charged by such a count"):
        metering.frozen(april.public_id, "denials_worked")
    with pine.scope(), atomic.open():
        twin = MeteredRecord.objects.filter(settlement__public_id=march.public_id, meter="claims").first()
        assert twin is not None
        twin.pk, twin.settlement_id = None, MeteredRecord.objects.filter(late=True).values_list("settlement")[0][0]
        with pytest.raises(IntegrityError, match="what_happened_is_metered_once"), transaction.atomic():
            twin.save()
    pine.withdraw(april, "To be settled once more")
    again = pine.settle(APRIL)
    assert (counted(again, "claims"), str(again.fee)) == (("1", 1, 1), "14.50")

    monkeypatch.setattr(clock, "now", lambda: pine.at)
    elena, path = signed_in(desk.elena), f"/statements/{march.public_id}/metered/claims/"
    assert path in elena.get(f"/statements/{march.public_id}/fee/").content.decode()
    shown, hers = (who.get(path).content.decode() for who in (elena, signed_in(owner)))
    assert ("Claims first sent" in shown, "/claims/CLM-" in shown) == (True, False), "she reads no claims"
    assert hers.count('href="/claims/CLM-') >= 4
    shown = elena.get(f"/statements/{march.public_id}/metered/ftes/").content.decode()
    mara = pine.house.clinician.public_id
    assert f'href="/clinicians/{mara}/"' in shown
    hers = elena.get(f"/clinicians/{mara}/").content.decode()
    assert (pine.house.clinician.npi in hers, "50.00" in hers, "Employment agreement" in hers) == (True, True, True)
    assert signed_in(desk.cast.theo).get(f"/clinicians/{mara}/").status_code == 404
    rows = b"".join(elena.get(f"{path}?export=csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert rows.count("CLM-") == 4
    assert signed_in(desk.cast.theo).get(path).status_code == 404
    api = elena.get(f"/api/settlements/{again.public_id}/metered/claims?late=true").json()
    assert [(one["on"], one["late"]) for one in api["items"]] == [("2026-03-12", True)]
    command = json.loads(CliRunner().invoke(app, ["settlement", "metered", again.public_id, "claims", "--json"]).stdout)
    assert (command["quantity"], len(command["records"])) == ("1", 1)
