"""The same service asked twice of a payer, and what else a claim is judged by that stands on others."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from edi.x12.eligibility.model import Benefit
from edi.x12.values import Event
from openmso.charges.contracts import ChargeDraft
from openmso.charges.testing import charged
from openmso.claims import testing
from openmso.claims.contracts import Claim
from openmso.claims.models.claims import Claim as ClaimRow
from openmso.claims.queries import sheets
from openmso.claims.queries.desk import Desk
from openmso.claims.rules import book, filing
from openmso.claims.services import building, scrubbing
from openmso.claims.states import S
from openmso.claims.views import fixes
from openmso.codes import services as codes
from openmso.contracting.testing import published
from openmso.eligibility import testing as eligibility
from openmso.eligibility.services import asking
from openmso.kit.money import Money
from openmso.parties import testing as parties
from openmso.parties.contracts import Filing, PayerKind
from openmso.parties.services import enrolments
from openmso.patients import testing as patients
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading, scope
from openmso.scheduling.testing import visit

NOW = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "modifiers", "state"), [("99213", (), S.HELD), ("99213", ("76",), S.READY), ("93000", (), S.READY)]
)
def test_the_later_of_two_claims_is_held_unless_a_modifier_says_why(
    code: str, modifiers: tuple[str, ...], state: S
) -> None:
    rockland = testing.billing_house(at=NOW)
    day = NOW.date().replace(day=9)
    with rockland.scope():
        patient = patients.patient(practice=rockland.id, at=NOW)
        patients.coverage(patient, payer_id=rockland.payer.id, at=NOW)
        for given in (ChargeDraft("99213", day), ChargeDraft(code, day, modifiers)):
            charged(visit(rockland.house, patient_id=patient.id, service_on=day, at=NOW), at=NOW, lines=[given])
        built = building.build(actor=testing.actor(NOW), practice=rockland.id, at=NOW)
        first, second = (testing.told(name) for name in built.claims)

    assert (first.state, second.state) == (S.READY, state)
    if state is S.HELD:
        assert second.hold_reason == f"{first.public_id} asks for the same service of the same day."
        place = fixes.place(second, second.findings[0])
        assert place is not None
        assert place.url == reverse("claims:claim", args=[first.public_id])


def billing_medicare() -> testing.BillingHouse:
    """Rockland, which bills Medicare Part B, with the lists that come with the product."""
    house = parties.practice(at=NOW, code="ROCK", name="Rockland Family Practice")
    mso = parties.mso(at=NOW, code="MROCK", name="MSO of Rockland")
    medicare = parties.payer(
        mso, at=NOW, name="Medicare", edi_id="14112", kind=PayerKind.MEDICARE, filing=Filing.MEDICARE_B
    )
    with scope(practices=[tenancy.mso()]):
        codes.ship(actor=testing.actor(NOW), at=NOW)
    return testing.open_for_billing(house, medicare, at=NOW)


def test_what_a_patient_had_and_whom_the_payer_takes_is_asked_of_every_claim_at_once() -> None:
    """Therapy of the year against its threshold, wellness visits by their months, and the practice's own enrolment."""
    rockland = billing_medicare()
    medicare = rockland.payer
    first, later = NOW.date().replace(month=9, day=1), NOW.date().replace(day=9)
    given = [
        (first, ChargeDraft("97110", first, ("GP",), (1,), Decimal(1), Money.of("2470.00"))),
        (first, ChargeDraft("G0438", first, amount=Money.of("170.00"))),
    ]
    with rockland.scope():
        published(practice=rockland.id, payer_id=medicare.id, at=NOW, wording="all: 100% of charge")
        patient = patients.patient(practice=rockland.id, at=NOW)
        patients.coverage(patient, payer_id=medicare.id, at=NOW)

        def claims(*asked: tuple[date, ChargeDraft]) -> list[Claim]:
            for day, draft in asked:
                charged(visit(rockland.house, patient_id=patient.id, service_on=day, at=NOW), at=NOW, lines=[draft])
            built = building.build(actor=testing.actor(NOW), practice=rockland.id, at=NOW)
            return [testing.told(name) for name in built.claims]

        claims(*given)
        again = claims(
            (later, ChargeDraft("97110", later, ("GO",), (1,), Decimal(1), Money.of("40.00"))),
            (later, ChargeDraft("97530", later, ("GP",), (1,), Decimal(1), Money.of("40.00"))),
            (later, ChargeDraft("97530", later.replace(day=10), ("GP", "KX"), (1,), Decimal(1), Money.of("40.00"))),
            (later, ChargeDraft("G0439", later, amount=Money.of("120.00"))),
        )
        enrolments.record(
            actor=testing.actor(NOW), practice=rockland.id, payer=medicare.public_id, starts_on=later, at=NOW
        )
        scrubbing.scrub(actor=testing.actor(NOW), practice=rockland.id, claim_ids=[one.id for one in again], at=NOW)
        early = claims((first, ChargeDraft("99213", later.replace(day=6))))

    assert [{one.code for one in claim.findings if one.severity != "warn"} for claim in [*again, *early]] == [
        set(), {"therapy_above_threshold"}, set(), {"too_often"}, {"practice_not_enrolled"}
    ]  # fmt: skip
    (finding,) = [one for one in again[1].findings if one.code == "therapy_above_threshold"]
    assert finding.words == (
        "Line 1: with 97530, therapy of 2026 comes to $2,510.00 in this practice alone; KX is asked for above $2,480.00."
    )


def test_therapy_is_held_against_what_medicare_says_is_used_of_the_year() -> None:
    """Others treated the patient, too: their therapy stands in Medicare's answer, and what it has not decided is added."""
    rockland, day = billing_medicare(), NOW.date().replace(day=9)
    used = Benefit("D", "IND", ("AE",), "MB", amount=Decimal("2400.00"), messages=("Used Amount",),
                   events=(Event("292", date(NOW.year, 1, 1), date(NOW.year, 12, 31)),))  # fmt: skip
    unsaid = Benefit("D", "IND", ("AD",), "MB", amount=Decimal("2400.00"))
    with rockland.scope():
        published(practice=rockland.id, payer_id=rockland.payer.id, at=NOW, wording="all: 100% of charge")
        found = []
        for benefits in ((), (Benefit("1", "IND", ("30",)), used, unsaid)):
            patient = patients.patient(practice=rockland.id, at=NOW)
            patients.coverage(patient, payer_id=rockland.payer.id, at=NOW)
            if benefits:
                asking.ask_about_patient(actor=testing.actor(NOW), patient=patient.public_id, at=NOW)
                eligibility.asked(eligibility.Desk(benefits), practice=rockland.id, at=NOW)
            for plan in ("GP", "GO"):
                charged(
                    visit(rockland.house, patient_id=patient.id, service_on=day, at=NOW), at=NOW,
                    lines=[ChargeDraft("97110", day, (plan,), (1,), Decimal(1), Money.of("90.00"))],
                )  # fmt: skip
            built = building.build(actor=testing.actor(NOW), practice=rockland.id, at=NOW).claims
            found.append([
                [one.words for one in testing.told(name).findings if one.code == "therapy_above_threshold"]
                for name in built
            ])  # fmt: skip
    assert found[0] == [[], []], "in this practice it is little"
    ((said,), none) = found[1]
    assert "comes to $2,490.00 by the payer's answer of" in said
    assert none == [], "an amount of which nothing says that it is used counts for nothing"


def test_many_scrubbed_at_once_are_told_what_each_is_told_alone() -> None:
    """Claims that share patient, day, lines and payer, and some that do not: the batch answers as one by one."""
    rockland, other = testing.billing_house(at=NOW), NOW.date().replace(day=2)
    day = NOW.date().replace(day=9)
    with rockland.scope():
        for first_name in ("Daniel", "Mara", "Jonas"):
            patient = patients.patient(practice=rockland.id, at=NOW, who=patients.person(first=first_name))
            if first_name != "Jonas":
                patients.coverage(patient, payer_id=rockland.payer.id, at=NOW)
            for given in (
                [ChargeDraft("99213", day)], [ChargeDraft("99213", day), ChargeDraft("99213", day)],
                [ChargeDraft("99213", other, ("25",))], [ChargeDraft("17000", other), ChargeDraft("99213", other)],
                [ChargeDraft("G0402", day)], [ChargeDraft("99397", day)], [ChargeDraft("LOCAL", day)],
            ):  # fmt: skip
                charged(visit(rockland.house, patient_id=patient.id, service_on=given[0].service_on, at=NOW), at=NOW,
                        lines=given)  # fmt: skip
        for first_name in ("Ada", "Ben"):
            patient = patients.patient(practice=rockland.id, at=NOW, who=patients.person(first=first_name))
            patients.coverage(patient, payer_id=rockland.payer.id, at=NOW)
            charged(visit(rockland.house, patient_id=patient.id, service_on=day, at=NOW), at=NOW,
                    lines=[ChargeDraft("93000", day)])  # fmt: skip
        built = building.build(actor=testing.actor(NOW), practice=rockland.id, at=NOW)
        with reading():
            rows = list(ClaimRow.objects.filter(public_id__in=built.claims).order_by("pk"))
        again = scrubbing.scrub(
            actor=testing.actor(NOW), practice=rockland.id, claim_ids=[row.pk for row in rows], at=NOW
        )
        assert (again.ready, again.held) == (built.ready, built.held)
        assert built.held > 3
        assert built.ready > 3
        for row in rows:
            with reading():
                sheet, context = sheets.sheets([row], today=NOW.date())[row.pk]
                alone = {(one.code, one.line, one.words) for one in book.scrub(sheet, context)}
                kept = testing.told(row.public_id)
            assert {(one.code, one.line, one.words) for one in kept.findings} == alone
        _no_rule_goes_unasked(rows)


def _no_rule_goes_unasked(rows: list[ClaimRow]) -> None:
    """What is read off rows and shared lines calls for every rule that has something to say, and not for all of them."""
    with reading():
        desk = Desk(rows, today=NOW.date(), shared=True)
        whole = sheets.sheets(rows, today=NOW.date())
        assert [(row.pk, one) for row, one in sheets.numbered(desk, rows)] == [
            (pk, one) for pk, (one, _) in whole.items()
        ]
        for row in rows:
            sheet, context = whole[row.pk]
            assert desk.due_on(row) == filing.due_on(sheet)
            asked = desk.asked(row, desk.due_on(row))
            assert {rule.code for rule in asked} >= {finding.code for finding in book.scrub(sheet, context)}
            assert len(asked) < len(book.SCRUB) / 2
            unnumbered = tuple(replace(line, control="") for line in sheet.lines)
            assert desk.sheet(row) == replace(sheet, lines=unnumbered)
            assert desk.context(row) == context
