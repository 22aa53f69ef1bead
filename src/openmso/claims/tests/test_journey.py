"""The life of a claim: built, scrubbed, submitted, sent, answered."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from edi.x12.check import check_bytes
from openmso.claims import testing
from openmso.claims.models.claims import Claim, ClaimMove
from openmso.claims.models.submissions import Batch, Sending, Submission
from openmso.claims.rules import freezing
from openmso.claims.services import releasing, submitting
from openmso.claims.states import S
from openmso.claims.testing import Line, claim_at
from openmso.kit.ids import public_id
from openmso.kit.money import Money
from openmso.ledger.models import Line as LedgerLine
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy.scope import reading

NOW = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def rockland() -> testing.BillingHouse:
    return testing.billing_house(at=NOW)


def test_a_visit_with_a_coverage_becomes_a_claim_that_is_ready(rockland: testing.BillingHouse) -> None:
    claim = claim_at(S.READY, rockland, at=NOW, lines=[Line("99213"), Line("36415")])

    assert claim.state is S.READY
    assert claim.charged == Money.of("158.00")
    assert claim.open == claim.charged
    assert [line.line_control for line in claim.lines] == [f"{claim.public_id}-01", f"{claim.public_id}-02"]
    assert claim.due_on == date(2027, 5, 8), "180 days after the service of 9 November"


def test_a_visit_without_a_coverage_becomes_a_claim_on_hold_that_says_so(rockland: testing.BillingHouse) -> None:
    claim = claim_at(S.HELD, rockland, at=NOW)

    assert claim.state is S.HELD
    assert claim.hold_reason == "No coverage is on file for this visit."
    assert [finding.code for finding in claim.findings if finding.blocks] == ["no_coverage"]


def test_what_is_sent_passes_our_own_strict_check_and_says_where_each_claim_stands(
    rockland: testing.BillingHouse,
) -> None:
    first = claim_at(S.QUEUED, rockland, at=NOW, lines=[Line("99213", "120.50"), Line("36415")])
    second = claim_at(S.QUEUED, rockland, at=NOW, lines=[Line("99214", "", ("25",)), Line("20610", "", ("LT",))])

    with rockland.scope():
        [batch] = releasing.release(actor=testing.actor(NOW), practice=rockland.id, at=NOW)
        with reading():
            content = documents.read(batch.document, rockland.id)
            report = check_bytes(content, strict=True)
            places = {s.submission.claim.public_id: content[s.start : s.end] for s in Sending.objects.all()}

    assert report.valid, report.findings
    assert (report.transactions[0].claims, report.transactions[0].charge) == (2, Decimal("533.5"))
    assert batch.total == Money.of("533.50")
    assert places[first.public_id].startswith(f"CLM*{first.public_id}*138.5*".encode())
    assert places[second.public_id].startswith(f"CLM*{second.public_id}*395*".encode())


def test_a_claim_that_was_frozen_without_its_segments_leaves_in_the_same_ones(rockland: testing.BillingHouse) -> None:
    said, unsaid = (claim_at(S.QUEUED, rockland, at=NOW) for _ in range(2))
    with rockland.scope():
        with reading():
            one = Submission.objects.get(claim__public_id=unsaid.public_id)
            loop = one.segments.split(freezing.LEVELS)[-1]
            one.pk, one.public_id, one.version, one.segments = None, public_id("SUB"), 2, ""
            one.save(force_insert=True)  # what an earlier release of the product has frozen
            Claim.objects.filter(public_id=unsaid.public_id).update(version=2)
        [batch] = releasing.release(actor=testing.actor(NOW), practice=rockland.id, at=NOW)
        with reading():
            content = documents.read(batch.document, rockland.id).decode()
            versions = dict(Sending.objects.values_list("submission__claim__public_id", "submission__version"))

    assert versions == {said.public_id: 1, unsaid.public_id: 2}
    assert loop.startswith(f"CLM*{unsaid.public_id}*")
    assert loop in content


def test_sending_recognises_revenue_once_on_the_accrual_basis(rockland: testing.BillingHouse) -> None:
    claim_at(S.SENT, rockland, at=NOW)

    with rockland.scope(), reading():
        lines = list(LedgerLine.objects.order_by("pk").values_list("basis", "debit_amount", "credit_amount"))

    assert lines == [("accrual", Decimal("140.00"), Decimal("0.00")), ("accrual", Decimal("0.00"), Decimal("140.00"))]


def test_a_queued_claim_can_be_taken_back_until_its_batch_has_left(rockland: testing.BillingHouse) -> None:
    claim = claim_at(S.QUEUED, rockland, at=NOW)
    with rockland.scope():
        submitting.unsubmit(actor=testing.actor(NOW), claim=claim.public_id, at=NOW)
        assert testing.told(claim.public_id).state is S.READY

        submitting.submit(actor=testing.actor(NOW), claim=claim.public_id, at=NOW)
        releasing.release(actor=testing.actor(NOW), practice=rockland.id, at=NOW)

        with pytest.raises(submitting.AlreadyLeft, match="not waiting in a batch any more"):
            submitting.unsubmit(actor=testing.actor(NOW), claim=claim.public_id, at=NOW)
        with reading():
            assert Submission.objects.count() == 2
            assert Batch.objects.count() == 1


@pytest.mark.parametrize("state", [state for state in S if state is not S.DRAFT])
def test_the_builders_walk_a_claim_to_every_state_by_the_real_services(
    rockland: testing.BillingHouse, state: S
) -> None:
    claim = claim_at(state, rockland, at=NOW)

    assert claim.state is state
    with rockland.scope(), reading():
        assert ClaimMove.objects.filter(claim_id=claim.id).order_by("-pk").values_list("to", flat=True)[0] == state
