"""A payer pays less than its contract: it is seen line by line, queued by dollars, disputed, and recovered."""

from __future__ import annotations

from datetime import date

import pytest

from openmso.charges import services as charges
from openmso.claims.models.claims import Claim, ClaimLine
from openmso.contracting.testing import published
from openmso.kit.errors import Refused
from openmso.platform.documents import queries as documents
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.platform.work.models import WorkItem
from openmso.platform.work.states import Working
from openmso.remittances import testing as payer
from openmso.remittances.tests.office import Office, open_office
from openmso.underpayments import queries, services
from openmso.underpayments.contracts import ShortLine
from openmso.underpayments.states import Cause, S

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None) -> Office:
    office = open_office()
    with office.scope():
        published(
            practice=office.practice, payer_id=office.payer.id, at=office.at, rates={"99213": "92.40", "20610": "80.00"},
            wording="all: fee schedule", limits="appeal: 60 days from remittance", starts_on=date(2026, 1, 1),
        )  # fmt: skip
    return office


def sent(office: Office) -> Claim:
    claim = office.sent(("99213", "140.00"), ("20610", "185.00"))
    with office.reading():
        ids = list(ClaimLine.objects.filter(claim=claim).values_list("charge_id", flat=True))
        charges.expect_anew(practice=office.practice, charge_ids=ids, payer_id=office.payer.id)
    return claim


def answer(claim: Claim, visit: str, injection: str, **more: object) -> payer.ClaimPayment:
    """The payer allows so much for each line; the patient owes 20.00 of the visit."""
    due = {"99213": (visit, "140.00"), "20610": (injection, "185.00")}
    lines = [
        payer.line(
            code, charge, paid=f"{float(allowed) - (20 if code == '99213' else 0):.2f}", control=f"{claim.control}-{number:02}",
            reasons=[f"CO 45 {float(charge) - float(allowed):.2f}", *(["PR 3 20.00"] if code == "99213" else [])],
        )
        for number, (code, (allowed, charge)) in enumerate(due.items(), start=1)
    ]  # fmt: skip
    return payer.claim(claim.control, *lines, **more)  # type: ignore[arg-type]


def posted(office: Office, *payments: payer.ClaimPayment, number: int = 1) -> list[ShortLine]:
    office.pay(*payments, number=number, trace=f"EFT-{number}")
    outbox.deliver_pending(at=office.at)
    with office.reading():
        return list(queries.listing(filters=Filters(), page=PageAsk()).rows)


def waiting(office: Office) -> list[str]:
    with office.reading():
        found = WorkItem.objects.filter(kind="underpayments.short_paid").exclude(state=Working.DONE)
        return list(found.values_list("title", flat=True))


def test_underpayments_unseen(office: Office) -> None:
    claim = sent(office)

    (short,) = posted(office, answer(claim, "85.00", "80.00"))

    assert (short.code, str(short.expected), str(short.allowed), str(short.short)) == (
        "99213",
        "92.40",
        "85.00",
        "7.40",
    )
    assert (short.cause, short.state, short.term) == (Cause.RATE, S.OPEN, "all: fee schedule")
    assert short.version == 1
    assert waiting(office) == [f"{office.payer.name} paid 7.40 less than agreed"]


def test_what_a_later_remittance_pays_is_recovered(office: Office) -> None:
    claim = sent(office)
    first = answer(claim, "85.00", "40.00")
    assert [(one.code, one.cause) for one in posted(office, first)] == [
        ("20610", Cause.MULTIPLE), ("99213", Cause.RATE)
    ]  # fmt: skip

    better = answer(claim, "92.40", "60.00", payer_control="ICN2")
    found = {one.code: one for one in posted(office, payer.reversal(first), better, number=2)}

    assert found["99213"].state is S.RECOVERED
    assert (str(found["99213"].recovered), str(found["99213"].short)) == ("7.40", "0.00")
    assert found["20610"].state is S.OPEN
    assert (str(found["20610"].recovered), str(found["20610"].short)) == ("20.00", "20.00")
    assert waiting(office) == [f"{office.payer.name} paid 20.00 less than agreed"]


def test_a_dispute_has_the_contract_and_the_lines(office: Office) -> None:
    posted(office, answer(sent(office), "85.00", "70.00"))

    with office.scope():
        made = services.dispute(actor=office.actor, practice=office.practice, payer_id=office.payer.id, at=office.at)
        with pytest.raises(Refused):
            services.dispute(actor=office.actor, practice=office.practice, payer_id=office.payer.id, at=office.at)
        with reading():
            (dispute,) = queries.disputes()
            assert documents.read(dispute.document, office.practice).startswith(b"%PDF")
            lines = queries.listing(filters=Filters(), page=PageAsk()).rows

    assert (dispute.public_id, dispute.lines, str(dispute.amount)) == (made, 2, "17.40")
    assert {line.state for line in lines} == {S.DISPUTED}
    assert waiting(office) == []


def test_accepting_needs_a_reason_and_ends_the_work(office: Office) -> None:
    (short,) = posted(office, answer(sent(office), "85.00", "80.00"))

    with office.scope():
        with pytest.raises(Refused):
            services.accept(actor=office.actor, underpayment=short.public_id, why=" ", at=office.at)
        services.accept(actor=office.actor, underpayment=short.public_id, why="Agreed by telephone", at=office.at)

    assert waiting(office) == []
    with office.reading():
        assert queries.underpayment(short.public_id).why == "Agreed by telephone"


def test_denied_lines_and_lines_without_a_contract_are_not_compared(office: Office) -> None:
    claim = sent(office)
    denied = payer.claim(
        claim.control,
        payer.line("99213", "140.00", reasons=["CO 197 140.00"], control=f"{claim.control}-01"),
        payer.line("20610", "185.00", paid="80.00", reasons=["CO 45 105.00"], control=f"{claim.control}-02"),
    )
    other = office.sent(("99213", "140.00"))
    unexpected = payer.claim(other.control, payer.line("99213", "140.00", paid="10.00", reasons=["CO 45 130.00"]))

    assert posted(office, denied, unexpected) == []
