"""What payers answer: matched to the claim, said in words; and what they decide: added up, whatever the order."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest
from django.db import connection

from edi.x12.ack.f999 import write_999
from edi.x12.ack.model import (
    ClaimAck,
    ClaimAckHeader,
    ClaimStatus,
    ElementError,
    GroupAck,
    InterchangeAck,
    LevelStatus,
    SegmentError,
    SetAck,
    Status,
)
from edi.x12.ack.ta1 import write_ta1
from edi.x12.ack.write_277ca import write_277ca
from edi.x12.output import Envelope
from edi.x12.values import Party
from openmso.claims import testing
from openmso.claims.contracts import AckSummary
from openmso.claims.models.acknowledgements import ClaimAnswer
from openmso.claims.models.claims import Claim, Decision
from openmso.claims.models.submissions import Batch, Sending
from openmso.claims.rules import outcome
from openmso.claims.services import acknowledging, correcting, deciding, releasing
from openmso.claims.states import S
from openmso.claims.testing import BillingHouse, Line, claim_at
from openmso.kit.money import Money
from openmso.ledger.contracts import Accounts, Basis, Selection
from openmso.ledger.queries import selection
from openmso.platform.access import contracts as granted
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy.scope import atomic, reading
from openmso.platform.work import queries as work

NOW = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
UNDER = granted.Decision(True, "remittances.post", None, "A payer decided.", "GRT-TEST2222")
pytestmark = pytest.mark.django_db


@pytest.fixture
def rockland() -> BillingHouse:
    return testing.billing_house(at=NOW)


def take(house: BillingHouse, content: bytes, name: str = "answer.x12") -> AckSummary:
    with house.scope():
        return acknowledging.read_acknowledgements(
            actor=testing.actor(NOW), practice=house.id, name=name, content=content, at=NOW
        )


def envelope(house: BillingHouse) -> Envelope:
    return Envelope(sender=house.payer.edi_id, receiver="MSO", control=7, group_control=7, at=NOW)


def sent_together(house: BillingHouse, count: int) -> list[str]:
    claims = [claim_at(S.QUEUED, house, at=NOW) for _ in range(count)]
    with house.scope():
        releasing.release(actor=testing.actor(NOW), practice=house.id, at=NOW)
    return [claim.public_id for claim in claims]


def state(house: BillingHouse, claim: str) -> S:
    with house.scope():
        return testing.told(claim).state


def test_a_277ca_accepts_one_claim_and_rejects_another_in_words(rockland: BillingHouse) -> None:
    good, bad = sent_together(rockland, 2)

    with rockland.scope():
        summary = testing.answer(rockland, {good: "A2:20", bad: "A7:164:IL"}, at=NOW)
        rejected = testing.told(bad)
        with reading():
            [item] = work.open_for(("claims.claim", bad), at=NOW)
            words = ClaimAnswer.objects.get(control=bad)

    assert (summary.accepted, summary.rejected, summary.unmatched) == (1, 1, 0)
    assert (state(rockland, good), rejected.state) == (S.ACCEPTED, S.REJECTED)
    assert "member id of the subscriber" in words.words
    assert words.field == "member_id"
    assert item.kind == "claims.rejected"
    assert "member id" in item.why


def test_the_same_answer_twice_is_one(rockland: BillingHouse) -> None:
    [claim] = sent_together(rockland, 1)
    with rockland.scope():
        first = testing.answer(rockland, {claim: "A2:20"}, at=NOW)
        again = testing.answer(rockland, {claim: "A2:20"}, at=NOW)

    assert not first.replayed
    assert (again.replayed, again.accepted) == (True, 1)


def test_an_answer_about_nobodys_claim_opens_work(rockland: BillingHouse) -> None:
    with rockland.scope():
        summary = testing.answer(rockland, {"SOMEBODY-ELSES": "A2:20"}, at=NOW)

    assert (summary.accepted, summary.unmatched) == (0, 1)


def test_a_rejected_claim_is_mended_and_goes_again_under_its_own_number(rockland: BillingHouse) -> None:
    claim = claim_at(S.REJECTED, rockland, at=NOW)
    with rockland.scope():
        correcting.change(
            actor=testing.actor(NOW), claim=claim.public_id, fields={"prior_authorization": "TH-1"}, at=NOW
        )
        with reading():
            assert work.open_for(("claims.claim", claim.public_id), at=NOW) == []
    assert state(rockland, claim.public_id) is S.READY


def test_a_999_that_rejects_a_set_names_the_faulty_claim_and_frees_the_others(rockland: BillingHouse) -> None:
    first, second = sent_together(rockland, 2)
    with rockland.scope(), reading():
        batch = Batch.objects.get()
        at_fault = Sending.objects.get(submission__claim__public_id=second)
    error = SegmentError(
        "SV1",
        at_fault.first_segment - at_fault.set_segment + 3,
        "2400",
        "8",
        (),
        (ElementError(1, 2, None, "234", "7", "9921"),),
    )
    ack = GroupAck(
        "HC", str(batch.group_control), "005010X222A1", "R", 1, 1, 0,
        sets=(SetAck("837", at_fault.set_control, "R", "005010X222A1", (error,), ("5",)),),
    )  # fmt: skip

    summary = take(rockland, write_999([ack], envelope(rockland)))

    with rockland.scope(), reading():
        words = ClaimAnswer.objects.get(claim__public_id=second).words
    assert summary.rejected == 2
    assert state(rockland, second) is S.REJECTED
    assert state(rockland, first) is S.READY, "not at fault: it goes again as it is"
    assert (
        words
        == "SV101 in loop 2400 has a value that is not in the list (9921): code, modifiers, charge, units or pointers."
    )


def test_a_999_that_names_a_loop_in_four_characters_finds_it_in_the_file_that_left(rockland: BillingHouse) -> None:
    (claim,) = sent_together(rockland, 1)
    with rockland.scope(), reading():
        batch, sending = Batch.objects.get(), Sending.objects.get()
        sent = documents.read(batch.document, rockland.id).decode().split("~")
    at = next(number for number, text in enumerate(sent) if "NM1*IL" in text) - sending.set_segment + 2
    wrong = SegmentError("NM1", at, "2010BA", "8", (), (ElementError(9, None, None, "67", "1", ""),))
    ack = GroupAck(
        "HC", str(batch.group_control), "005010X222A1", "R", 1, 1, 0,
        sets=(SetAck("837", sending.set_control, "R", "005010X222A1", (wrong,), ("5",)),),
    )  # fmt: skip
    content = write_999([ack], envelope(rockland))
    assert f"IK3*NM1*{at}*2010*8~" in content.decode()

    take(rockland, content)

    with rockland.scope(), reading():
        told = ClaimAnswer.objects.get(claim__public_id=claim)
    assert (told.field, told.words) == (
        "member_id", "NM109 in loop 2010BA is missing: the subscriber's name or member id."
    )  # fmt: skip


def rejecting(house: BillingHouse, level: str, party: Party, *, reference: str) -> bytes:
    """A 277CA that sends back a batch, or a provider, and names no claim."""
    bad = Status("A3", "24", "85" if level == "provider" else "41", effective_on=NOW.date(), action="U")
    fine = Status("A1", "19", effective_on=NOW.date(), action="WQ")
    us = Party("41", "MSO", id_qualifier="46", id="MSO")
    header = ClaimAckHeader(
        "0001", "ACK1", NOW.date(), NOW.time(), Party("PR", house.payer.name, id_qualifier="PI", id=house.payer.edi_id),
        us, trace="T1", received_on=NOW.date(), processed_on=NOW.date(),
    )  # fmt: skip
    batch = LevelStatus("batch", reference, (bad if level == "batch" else fine,), us)
    stranger = ClaimStatus("NOT-OURS", (fine,), patient=Party("QC", "ROE", "JO", is_person=True), provider=party)
    of_provider = (LevelStatus("provider", "0", (bad,), party),) if level == "provider" else ()
    claims = (stranger,) if level == "provider" else ()
    return write_277ca([ClaimAck(header, batch, claims, of_provider)], envelope(house))


@pytest.mark.parametrize("level", ["batch", "provider"])
def test_a_277ca_that_sends_back_a_batch_or_a_provider_moves_every_claim_of_it(
    rockland: BillingHouse, level: str
) -> None:
    claims = sent_together(rockland, 2)
    with rockland.scope(), reading():
        reference = Batch.objects.get().reference
    biller = rockland.house.biller
    party = Party("85", biller.name, id_qualifier="XX", id=biller.npi)

    summary = take(rockland, rejecting(rockland, level, party, reference=reference))

    assert summary.rejected == 2
    assert [state(rockland, claim) for claim in claims] == [S.REJECTED, S.REJECTED]
    with rockland.scope(), reading():
        words = ClaimAnswer.objects.filter(claim__public_id=claims[0]).get().words
    assert words.startswith("The whole batch" if level == "batch" else f"Every claim of {biller.name}")
    assert "not approved as submitter" in words


def test_a_999_that_names_the_claim_is_believed_before_its_count_of_segments(rockland: BillingHouse) -> None:
    first, second = sent_together(rockland, 2)
    with rockland.scope(), reading():
        batch, sending = Batch.objects.get(), Sending.objects.get(submission__claim__public_id=first)
    trigger = ("CTX", "SITUATIONAL TRIGGER", "HI", "9", "2300")
    error = SegmentError("REF", 3, "230X", "3", (("CTX", f"CLM01:{second}"), trigger))
    ack = GroupAck(
        "HC", str(batch.group_control), "005010X222A1", "R", 1, 1, 0,
        sets=(SetAck("837", sending.set_control, "R", "005010X222A1", (error,), ("5",)),),
    )  # fmt: skip

    take(rockland, write_999([ack], envelope(rockland)))

    assert [state(rockland, claim) for claim in (first, second)] == [S.READY, S.REJECTED]
    with rockland.scope(), reading():
        assert ClaimAnswer.objects.get(claim__public_id=second).field == "diagnoses"


def test_a_ta1_that_rejects_the_interchange_frees_every_claim_of_it(rockland: BillingHouse) -> None:
    claims = sent_together(rockland, 2)
    with rockland.scope(), reading():
        number = Batch.objects.get().interchange_control

    take(rockland, write_ta1([InterchangeAck(f"{number:09d}", NOW.date(), NOW.time(), "R", "024")], envelope(rockland)))

    assert [state(rockland, claim) for claim in claims] == [S.READY, S.READY]


def test_sample_acknowledgements_of_others_get_an_answer_and_touch_nothing(
    rockland: BillingHouse, shared: Path
) -> None:
    claim = claim_at(S.SENT, rockland, at=NOW)
    for path in sorted((shared / "samples/x12").glob("*")):
        if not path.name.startswith(("999", "277")) or path.stat().st_size > 200_000:
            continue
        with suppress(acknowledging.NoAnswer):
            take(rockland, path.read_bytes(), path.name)
    assert state(rockland, claim.public_id) is S.SENT


# ---- decisions ---------------------------------------------------------------------------------------------------


def stage(
    position: int, house: BillingHouse, control: str, lines: list[tuple[str, str, str, str]], **amounts: str
) -> None:
    """A staged decision with its lines: (line control, code, charge, paid)."""
    given = {"paid": "0", "contractual": "0", "patient": "0", "denied": "0"} | amounts
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO claims_adjudication (position, practice_id, control, decided_on, source_id, paid_amount, "
            "contractual_amount, patient_amount, denied_amount) VALUES (%s, %s, %s, '2026-11-16', %s, %s, %s, %s, %s)",
            [position, house.id, control, f"PAY-{position:08d}", *(Decimal(v) for v in given.values())],
        )
        for number, (line_control, code, charge, paid) in enumerate(lines, start=1):
            cursor.execute(
                "INSERT INTO claims_adjudication_line (position, number, line_control, code, service_on, "
                "charge_amount, paid_amount) VALUES (%s, %s, %s, %s, '2026-11-09', %s, %s)",
                [position, number, line_control, code, Decimal(charge), Decimal(paid)],
            )


def test_lines_are_matched_by_control_then_by_likeness_each_once(rockland: BillingHouse) -> None:
    claim = claim_at(
        S.ACCEPTED,
        rockland,
        at=NOW,
        lines=[Line("99213"), Line("20610", "185.00", ("LT",)), Line("20610", "185.00", ("RT",))],
    )
    with rockland.scope(), atomic.open():
        deciding.open_adjudications()
        answered = [
            ("", "20610", "185.00", "90.00"),
            (f"{claim.public_id}-01", "XXXXX", "0", "80.00"),
            ("", "20610", "185.00", "70.00"),
        ]
        stage(1, rockland, claim.public_id, answered, paid="240.00")
        deciding.match_adjudications()
        assert deciding.apply_adjudications(actor=testing.actor(NOW), at=NOW, under=UNDER) == 1

    with rockland.scope():
        told = testing.told(claim.public_id)
    assert [str(line.paid) for line in told.lines] == ["80.00", "90.00", "70.00"]
    assert told.paid == Money.of("240.00")
    assert told.state is S.PARTIAL


def test_a_payers_dropped_modifier_and_unknown_line_still_post_the_claim(rockland: BillingHouse) -> None:
    claim = claim_at(S.ACCEPTED, rockland, at=NOW, lines=[Line("99213", "140.00", ("25",))])
    with rockland.scope(), atomic.open():
        deciding.open_adjudications()
        stage(
            1,
            rockland,
            claim.public_id,
            [("", "99213", "140.00", "100.00"), ("", "99999", "0", "10.00")],
            paid="110.00",
        )
        deciding.match_adjudications()
        deciding.apply_adjudications(actor=testing.actor(NOW), at=NOW, under=UNDER)

    with rockland.scope():
        told = testing.told(claim.public_id)
        with reading():
            rows = list(Decision.objects.order_by("line_id").values_list("line__number", "paid_amount"))
    assert told.paid == Money.of("110.00")
    assert rows == [(1, Decimal("100.00")), (None, Decimal("10.00"))]


@pytest.mark.parametrize("where", [S.HELD, S.READY, S.SENT])
def test_a_claim_that_is_paid_though_it_never_left_is_revenue_once(rockland: BillingHouse, where: S) -> None:
    """Somebody asked the payer on its own site, or another payer passed the claim on."""
    claim = claim_at(where, rockland, at=NOW)
    with rockland.scope(), reading():
        entity = rockland.house.biller.entity
    for position, amounts in enumerate((PAY, TAKE_BACK, PAY), start=1):
        with rockland.scope(), atomic.open():
            deciding.open_adjudications()
            stage(position, rockland, claim.public_id, [], **amounts)
            deciding.match_adjudications()
            deciding.apply_adjudications(actor=testing.actor(NOW), at=NOW, under=UNDER)

    everything = Selection(entity, (Accounts.AR_INSURANCE,), (Basis.COMMON, Basis.ACCRUAL), date(2999, 1, 1))
    with rockland.scope(), reading():
        assert selection.total(everything).net == Money.of("140.00")
        assert Claim.objects.get().recognised_amount == Decimal("140.00")


PAY = {"paid": "100.00", "contractual": "40.00"}
TAKE_BACK = {"paid": "-100.00", "contractual": "-40.00"}
DENY = {"denied": "140.00"}


@pytest.mark.parametrize(
    "order", list(permutations([PAY, TAKE_BACK, DENY])), ids=lambda o: "-".join(str(len(x)) for x in o)
)
def test_the_order_of_the_files_does_not_matter(rockland: BillingHouse, order: tuple[dict[str, str], ...]) -> None:
    claim = claim_at(S.ACCEPTED, rockland, at=NOW)
    with rockland.scope():
        for position, amounts in enumerate(order, start=1):
            with atomic.open():
                deciding.open_adjudications()
                stage(position, rockland, claim.public_id, [], **amounts)
                deciding.match_adjudications()
                deciding.apply_adjudications(actor=testing.actor(NOW), at=NOW, under=UNDER)
        told = testing.told(claim.public_id)

    assert (told.paid, told.open, told.state) == (Money.of("0.00"), Money.of("140.00"), S.DENIED)


@pytest.mark.parametrize(
    "amounts",
    [PAY, DENY, {"paid": "60.00", "denied": "80.00"}, {"patient": "140.00"}, {"contractual": "140.00"}, {},
     {"paid": "60.00"}, {"denied": "70.00", "contractual": "70.00"}, {"paid": "150.00"}],
    ids=str,
)  # fmt: skip
def test_the_state_in_sql_is_the_state_of_the_rule(rockland: BillingHouse, amounts: dict[str, str]) -> None:
    claim = claim_at(S.ACCEPTED, rockland, at=NOW)
    with rockland.scope():
        with atomic.open():
            deciding.open_adjudications()
            stage(1, rockland, claim.public_id, [], **amounts)
            deciding.match_adjudications()
            deciding.apply_adjudications(actor=testing.actor(NOW), at=NOW, under=UNDER)
        told = testing.told(claim.public_id)

    sums = outcome.Sums(
        told.charged.amount, told.paid.amount, told.adjusted.amount, told.patient_share.amount, told.denied.amount
    )
    assert told.state is outcome.state_after(sums)
