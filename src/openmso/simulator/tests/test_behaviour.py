"""Everything that real payers do occurs with the payers of the demo, at about the rate that each is given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from edi.x12.check import check_bytes
from edi.x12.claim.model import Claim
from edi.x12.claim.write import write_837p
from edi.x12.remittance.model import ClaimPayment, ProviderAdjustmentItem
from edi.x12.values import Procedure
from openmso.claims.rules.people import MBI
from openmso.simulator.network import people
from openmso.simulator.network.cast import PAYERS, PRACTICES
from openmso.simulator.network.payers import Delivery, Payers
from openmso.simulator.payer.profile import DENIALS, Profile
from openmso.simulator.payer.receive import Received
from tests.edi.x12.builders import ENVELOPE, batch, claim

ROCK = PRACTICES[0]
FIRST = date(2026, 9, 1)
WEEKS, CLAIMS_A_WEEK = 9, 60
CODES = ("99213", "99214", "90837", "92014", "11102")


@dataclass
class Quarter:
    """What one payer answered and paid in a quarter of a year."""

    payer: Profile
    sent: int = 0
    received: list[Received] = field(default_factory=list)
    accepted_on: dict[str, date] = field(default_factory=dict)
    deliveries: list[tuple[date, Delivery]] = field(default_factory=list)

    @property
    def first_time(self) -> list[Delivery]:
        return [one for _, one in self.deliveries if not (one.again or one.broken)]

    @property
    def payments(self) -> list[ClaimPayment]:
        return [payment for one in self.first_time for payment in one.cheque.remittance.claims]

    @property
    def provider(self) -> list[ProviderAdjustmentItem]:
        adjusted = (each for one in self.first_time for each in one.cheque.remittance.provider_adjustments)
        return [item for each in adjusted for item in each.items]


def claims_of(week: int) -> list[Claim]:
    """A week's claims, each of another visit: two lines, so that one may be denied alone."""
    made = []
    for number in range(CLAIMS_A_WEEK):
        one = claim(f"W{week}N{number:03d}")
        on = FIRST + timedelta(days=7 * week - 3)
        first = replace(one.lines[0], procedure=Procedure("HC", CODES[number % 5], ("25",)), service_on=on)
        second = replace(first, line_control="2L2", procedure=Procedure("HC", "36415"))
        subscriber = replace(one.subscriber, member_id=f"W{week:03d}{number:06d}")
        made.append(replace(one, subscriber=subscriber, lines=(first, second), charge=first.charge + second.charge))
    return made


def quarter(payer: Profile, *, seed: int = 20261001, weeks: int = WEEKS) -> Quarter:
    """Claims go out every week for nine weeks; what is due is paid every week, to the end."""
    payers, seen = Payers((payer,), practices=[ROCK.code], seed=seed, to="MSO001"), Quarter(payer)
    for week in range(weeks + 7):
        at = datetime.combine(FIRST + timedelta(days=7 * week), time(20), tzinfo=UTC)
        if week < weeks:
            sent = claims_of(week)
            content = write_837p([batch(*sent)], replace(ENVELOPE, control=week + 1))
            answer = payers.take(content, payer=payer.name, practice=ROCK.code, at=at)
            seen.sent += len(sent)
            seen.received.append(answer)
            seen.accepted_on |= {taken.control: at.date() for taken in answer.claims}
        seen.deliveries += [(at.date(), one) for one in payers.pay(ROCK, until=at.date(), at=at)]
    return seen


@pytest.fixture(scope="module")
def quarters() -> list[Quarter]:
    """Every payer of the demo."""
    return [quarter(payer) for payer in PAYERS]


def everything(quarters: Sequence[Quarter]) -> list[ClaimPayment]:
    return [payment for each in quarters for payment in each.payments]


def reasons(payment: ClaimPayment) -> set[str]:
    return {f"{a.group} {a.reason}" for line in payment.lines for a in line.adjustments}


DENIED = {f"{each.group} {each.reason}" for each in DENIALS}


def test_some_decisions_take_care_to_read(quarters: list[Quarter]) -> None:
    """Of the claim as a whole, two lines as one, with interest; a month of members by the month, once."""
    payments = everything(quarters)
    said = Counter(reason for payment in payments if not payment.is_reversal for reason in reasons(payment))

    assert said["OA 94"] > 0
    assert said["OA 225"] > 0
    assert any(payment.adjustments for payment in payments)
    for payment in payments:
        every = [*payment.adjustments, *(one for line in payment.lines for one in line.adjustments)]
        assert payment.charge - sum(one.amount for one in every) == payment.paid
    members = quarter(replace(PAYERS[0], capitation={ROCK.code: Decimal(900)})).provider
    months = [(item.reference, item.amount) for item in members if item.code == "CT"]
    assert months == [(f"2026{month:02d}", Decimal(-900)) for month in (9, 10, 11, 12)][: len(months)] != []


def test_some_claims_are_rejected_at_the_door(quarters: list[Quarter]) -> None:
    sent = sum(each.sent for each in quarters)
    accepted = sum(len(answer.claims) for each in quarters for answer in each.received)

    assert 0.01 < 1 - accepted / sent < 0.05


def test_claims_are_denied_for_every_reason_there_is(quarters: list[Quarter]) -> None:
    denied = Counter(reason for payment in everything(quarters) for reason in reasons(payment) & DENIED)

    assert set(denied) == DENIED
    assert denied["CO 197"] > denied["CO 29"]


def test_some_claims_are_denied_whole_and_some_in_part(quarters: list[Quarter]) -> None:
    paid_lines = [sum(bool(line.paid) for line in p.lines) for p in everything(quarters) if reasons(p) & DENIED]

    assert {0, 1} <= set(paid_lines)


def test_some_claims_are_paid_less_than_the_contract_says(quarters: list[Quarter]) -> None:
    short = contract = 0
    for each in quarters:
        for line in (line for payment in each.payments for line in payment.lines if line.allowed is not None):
            promised = each.payer.allowed_for(line.procedure.code, line.charge, line.units or Decimal(1))
            assert line.allowed is not None
            assert line.allowed <= promised
            short, contract = short + (line.allowed < promised), contract + (line.allowed == promised)

    assert 0 < short < contract / 20


def test_claims_cross_over_to_the_next_payer_where_the_payer_passes_them_on(quarters: list[Quarter]) -> None:
    forwarded = {each.payer.name: sum(p.status in {"19", "20", "21"} for p in each.payments) for each in quarters}

    assert {name for name, count in forwarded.items() if count} == {
        each.payer.name for each in quarters if each.payer.crossover_to
    }


def test_a_reversal_negates_every_amount_and_a_correction_follows(quarters: list[Quarter]) -> None:
    everyone = everything(quarters)
    reversals = [payment for payment in everyone if payment.is_reversal]
    assert reversals

    for taken in reversals:
        first = next(p for p in everyone if p.payer_control == taken.payer_control and not p.is_reversal)
        assert (taken.charge, taken.paid) == (-first.charge, -first.paid)
        assert taken.patient_responsibility == -first.patient_responsibility
        assert [a.amount for line in taken.lines for a in line.adjustments] == [
            -a.amount for line in first.lines for a in line.adjustments
        ]
        assert any(p.payer_control == f"{taken.payer_control}C" for p in everyone)
    assert any(taken.patient_responsibility for taken in reversals)


def test_an_overpayment_is_left_at_first_and_taken_from_the_next_payment(quarters: list[Quarter]) -> None:
    granite = next(each for each in quarters if each.payer.name == "Granite Health Plan")
    runs = [
        {item.reference: item.amount for each in one.cheque.remittance.provider_adjustments for item in each.items
         if item.code == "WO"}
        for one in granite.first_time
    ]  # fmt: skip
    left = [
        (number, name, amount) for number, run in enumerate(runs[:-1]) for name, amount in run.items() if amount < 0
    ]

    assert left
    for number, reference, amount in left:
        assert runs[number + 1][reference] == -amount


def test_money_taken_back_apart_is_carried_to_the_very_next_payment(quarters: list[Quarter]) -> None:
    medicaid = next(each for each in quarters if each.payer.name == "State Medicaid")
    runs = [
        [item for each in one.cheque.remittance.provider_adjustments for item in each.items if item.code == "FB"]
        for one in medicaid.first_time
    ]
    carried = [(number, item) for number, run in enumerate(runs[:-1]) for item in run if item.amount < 0]

    assert carried
    for number, item in carried:
        assert medicaid.first_time[number].cheque.method == "NON"
        assert [-one.amount for one in runs[number + 1] if one.reference == item.reference] == [item.amount]


def test_what_a_payment_cannot_bear_is_carried_to_the_next() -> None:
    all_taken_back = replace(PAYERS[0], reversed_per_1000=1000, rejected_per_1000=0, denied_per_1000=0)
    seen = quarter(all_taken_back, weeks=1)

    carried = [item.amount for item in seen.provider if item.code == "FB"]

    assert any(amount < 0 for amount in carried)
    assert all(delivery.cheque.amount >= 0 for delivery in seen.first_time)


def test_payments_come_days_after_the_claim_within_the_payers_own_time(quarters: list[Quarter]) -> None:
    for each in quarters:
        waits = [
            (on - each.accepted_on[payment.payer_control]).days
            for on, delivery in each.deliveries
            if not (delivery.again or delivery.broken)
            for payment in delivery.cheque.remittance.claims
            if payment.payer_control in each.accepted_on and not payment.is_reversal
        ]
        shortest, longest = each.payer.days_to_pay
        assert min(waits) >= shortest
        late = 13 if each.payer.pays_in_parts else 6  # the cheque run is once a week, and so is the second part
        assert max(waits) <= longest + late
        assert len(set(waits)) > 1


def test_some_files_come_twice_under_another_interchange_number(quarters: list[Quarter]) -> None:
    again = [one for each in quarters for _, one in each.deliveries if one.again]
    first = {one.cheque.trace: one.content for each in quarters for one in each.first_time}

    assert again
    for one in again:
        assert one.content != first[one.cheque.trace]
        assert check_bytes(one.content, strict=True).valid


def test_one_payer_pays_interest_one_by_cheque_and_one_drops_modifiers(quarters: list[Quarter]) -> None:
    assert any(item.code == "L6" and item.amount < 0 for each in quarters for item in each.provider)
    assert {delivery.cheque.method for each in quarters for delivery in each.first_time} >= {"ACH", "CHK"}
    dropping = [each for each in quarters if each.payer.drops_modifiers]
    assert not any(line.procedure.modifiers for each in dropping for p in each.payments for line in p.lines)


def test_some_files_do_not_balance_and_the_right_one_follows(quarters: list[Quarter]) -> None:
    broken = [
        (one, following)
        for each in quarters
        for (_, one), (_, following) in pairwise(each.deliveries)
        if one.broken
    ]  # fmt: skip

    assert broken
    assert all(one.cheque.trace == following.cheque.trace and not following.broken for one, following in broken)


def test_some_payments_are_for_claims_of_the_former_biller(quarters: list[Quarter]) -> None:
    former = [payment for payment in everything(quarters) if payment.control.startswith("PRV")]

    assert 0 < len(former) < 30
    assert not any(line.references for payment in former for line in payment.lines)


def test_every_file_passes_our_own_strict_check(quarters: list[Quarter]) -> None:
    for each in quarters:
        for _, delivery in each.deliveries:
            report = check_bytes(delivery.content, strict=True)
            errors = [finding.code for finding in report.all_findings()]
            assert errors == (["payment_out_of_balance"] if delivery.broken else [])


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    def said(seed: int) -> list[bytes]:
        return [one.content for _, one in quarter(PAYERS[0], seed=seed, weeks=3).deliveries]

    assert said(1) == said(1)
    assert said(1) != said(2)


def test_patients_of_medicare_have_ids_of_its_form_and_those_of_others_do_not() -> None:
    keys = {payer.name: number for number, payer in enumerate(PAYERS)}
    medicare = {keys[payer.name] for payer in PAYERS if payer.kind == "medicare"}
    covers = [cover for plan in PRACTICES for one in people.patients(plan, keys, seed=1) for cover in one.coverages]
    theirs = [cover.member_id for cover in covers if cover.payer_id in medicare]

    assert len(theirs) > 100
    assert [one for one in theirs if not MBI.fullmatch(one)] == []
    assert len(set(theirs)) == len(theirs)
    assert not any(MBI.fullmatch(cover.member_id) for cover in covers if cover.payer_id not in medicare)
    assert not MBI.fullmatch("1SG4TE5MK73"), "CMS uses no S, L, O, I, B and Z"
    assert MBI.fullmatch("1EG4TE5MK73"), "the number that CMS prints on its sample card"
