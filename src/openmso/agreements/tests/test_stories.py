"""An agreement from draft to end, and what it opens and closes on the way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from openmso.agreements import testing
from openmso.agreements.contracts import Line, Mode, S, Side, SignedDocument, Signer, Terms
from openmso.agreements.queries import agreements as queries
from openmso.agreements.queries import baas as baa_queries
from openmso.agreements.services import baas, drafting, execution
from openmso.agreements.testing import NOW, SINCE, Cast, pdf, signers
from openmso.kit.classes import DataClass
from openmso.kit.errors import Refused
from openmso.kit.periods import DayRange, Month
from openmso.kit.states import IllegalMove
from openmso.parties import testing as parties
from openmso.parties.testing import House, builder
from openmso.platform.access.contracts import NotAllowed
from openmso.platform.outbox.models import Fact
from openmso.platform.tenancy.scope import atomic, reading

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture
def lumen(cast: Cast) -> House:
    """A practice with no agreement yet, and Priya assigned to it."""
    house = parties.practice(at=NOW, code="LUMEN", name="Lumen Eye Care")
    testing.person(cast.priya.email, "Priya", practice=house.id, role="biller", at=NOW)
    return house


def draft(cast: Cast, house: House, **changes: object) -> tuple[str, Terms]:
    agreed = testing.terms(cast.mso, house, **changes)  # type: ignore[arg-type]
    with cast.scope(house):
        return drafting.begin(actor=builder(NOW), practice=house.id, terms=agreed, at=NOW), agreed


def sign(cast: Cast, house: House, agreement: str, *, at: datetime = NOW) -> None:
    with cast.scope(house):
        execution.execute(
            actor=builder(at), agreement=agreement, document=pdf(f"{agreement} {at}"), signers=signers(at), at=at
        )


def terminate(cast: Cast, ends_on: date, *, at: datetime = NOW, **more: object) -> None:
    with cast.scope():
        execution.terminate(
            actor=builder(at), agreement=cast.agreement.agreement, ends_on=ends_on, why="Notice given", at=at,
            **more,  # type: ignore[arg-type]
        )  # fmt: skip


def may_bill(cast: Cast, house: House, *, at: datetime = NOW) -> bool:
    return cast.actor(cast.priya, at=at).can("claims.read", house.id)


def test_a_draft_opens_nothing_and_execution_opens_its_lines_today(cast: Cast, lumen: House) -> None:
    agreement, _ = draft(cast, lumen)
    testing.baa(lumen, at=NOW)
    assert not may_bill(cast, lumen)

    sign(cast, lumen, agreement)

    decision = cast.actor(cast.priya).may("claims.read", lumen.id)
    assert decision.allowed, decision.reason
    assert decision.grant.startswith("GRT-")
    assert DataClass.DEMOGRAPHIC in decision.classes or cast.actor(cast.priya).sees(DataClass.DEMOGRAPHIC, lumen.id)


def test_before_the_start_nothing_is_open_and_on_the_day_it_is(cast: Cast, lumen: House) -> None:
    agreement, _ = draft(cast, lumen, starts_on=date(2026, 4, 1))
    testing.baa(lumen, at=NOW)
    sign(cast, lumen, agreement)

    assert not may_bill(cast, lumen, at=datetime(2026, 4, 1, 3, 59, tzinfo=UTC))  # 23:59 of 31 March in Maine
    assert may_bill(cast, lumen, at=datetime(2026, 4, 1, 4, 0, tzinfo=UTC))


def test_the_last_day_is_the_day_before_the_end_in_the_practices_own_zone(cast: Cast) -> None:
    mesa = parties.practice(at=NOW, code="MESA", name="Mesa Primary Care", state="AZ", zone="America/Phoenix")
    testing.person(cast.priya.email, "Priya", practice=mesa.id, role="biller", at=NOW)
    testing.executed(cast.mso, mesa, at=NOW, ends_on=date(2026, 7, 1))

    assert may_bill(cast, mesa, at=datetime(2026, 7, 1, 6, 59, tzinfo=UTC))  # 23:59 of 30 June in Tucson
    assert not may_bill(cast, mesa, at=datetime(2026, 7, 1, 7, 0, tzinfo=UTC))


def test_without_a_business_associate_agreement_patient_data_stays_closed(cast: Cast, lumen: House) -> None:
    agreement, _ = draft(cast, lumen)
    sign(cast, lumen, agreement)

    decision = cast.actor(cast.priya).may("claims.read", lumen.id)
    assert not decision.allowed
    assert "business associate agreement" in decision.reason


def test_ending_the_business_associate_agreement_closes_patient_data_with_the_next_request(cast: Cast) -> None:
    assert may_bill(cast, cast.rockland)
    with cast.scope(), reading():
        in_force = baa_queries.in_force(cast.rockland.id, TODAY)
        assert in_force is not None

    with cast.scope():
        baas.end(actor=builder(NOW), baa=in_force.public_id, ends_on=TODAY, why="Ended by the practice", at=NOW)

    actor = cast.actor(cast.priya)
    assert not actor.can("claims.read", cast.rockland.id)
    assert not actor.sees(DataClass.CLINICAL, cast.rockland.id)
    with cast.scope(), reading():
        assert baa_queries.in_force(cast.rockland.id, TODAY) is None
        assert baa_queries.in_force(cast.rockland.id, TODAY - timedelta(days=1)) is not None


def test_theo_sees_nothing_of_rockland_and_ana_reads_her_own_agreement(cast: Cast) -> None:
    theo, ana = cast.actor(cast.theo), cast.actor(cast.ana)

    assert theo.practices_for("agreements.read") == {cast.rival.id}
    assert ana.practices_for("agreements.read") == {cast.rockland.id}
    assert not ana.can("agreements.draft", cast.rockland.id)
    with cast.scope(cast.rival, user=cast.theo), reading():
        assert queries.of(cast.rockland.id) == []
        with pytest.raises(Refused, match="no such agreement"):
            queries.agreement(cast.agreement.agreement)
    with cast.scope(cast.rockland, user=cast.ana), reading():
        assert [one.state for one in queries.of(cast.rockland.id)] == [S.EXECUTED]


def test_an_amendment_ends_the_old_grants_and_writes_new_ones_on_its_day(cast: Cast) -> None:
    agreement, effective = cast.agreement.agreement, date(2026, 4, 1)
    narrowed = testing.terms(cast.mso, cast.rockland, lines="accounting denials", mode=Mode.BPO)
    with cast.scope():
        drafting.amend(
            actor=builder(NOW), agreement=agreement, starts_on=effective, terms=narrowed, at=NOW,
            summary="Billing leaves the scope",
        )  # fmt: skip
        assert may_bill(cast, cast.rockland)
    sign(cast, cast.rockland, agreement)

    assert may_bill(cast, cast.rockland, at=datetime(2026, 4, 1, 3, tzinfo=UTC))
    assert not may_bill(cast, cast.rockland, at=datetime(2026, 4, 1, 5, tzinfo=UTC))
    with cast.scope(), reading():
        before, after = (
            queries.in_force(cast.rockland.id, date(2026, 3, 31)),
            queries.in_force(cast.rockland.id, effective),
        )
        assert before is not None
        assert after is not None
        assert (before.number, after.number) == (1, 2)
        assert (before.terms.mode, after.terms.mode) == (Mode.THIRD_PARTY, Mode.BPO)
        assert before.document_sha256 != after.document_sha256
        april = queries.versions_in(cast.rockland.id, DayRange(date(2026, 3, 15), date(2026, 4, 15)))
    assert [(version.number, days.days) for version, days in april] == [(1, 17), (2, 14)]


def test_an_amendment_cannot_come_before_the_version_it_amends(cast: Cast) -> None:
    with cast.scope(), pytest.raises(Refused, match="cannot come before") as refused:
        drafting.amend(
            actor=builder(NOW), agreement=cast.agreement.agreement, starts_on=SINCE - timedelta(days=1),
            terms=cast.agreement.terms, at=NOW, summary="Too early",
        )  # fmt: skip

    assert refused.value.field == "starts_on"


def test_termination_today_closes_everything_with_the_next_request(cast: Cast) -> None:
    terminate(cast, TODAY)

    assert not may_bill(cast, cast.rockland)
    with cast.scope(), reading():
        ended = queries.agreement(cast.agreement.agreement)
        assert (ended.state, ended.terminated_on) == (S.TERMINATED, TODAY)
        assert queries.in_force(cast.rockland.id, TODAY) is None
        assert queries.in_force(cast.rockland.id, TODAY - timedelta(days=1)) is not None


def test_termination_on_a_later_day_keeps_the_lines_open_until_then(cast: Cast) -> None:
    terminate(cast, date(2026, 6, 1))

    assert may_bill(cast, cast.rockland, at=datetime(2026, 6, 1, 3, tzinfo=UTC))
    assert not may_bill(cast, cast.rockland, at=datetime(2026, 6, 1, 5, tzinfo=UTC))


def test_a_wind_down_reads_and_does_nothing(cast: Cast) -> None:
    terminate(cast, TODAY, wind_down_lines=["revenue_cycle"], winds_down_until=date(2026, 6, 1))

    actor = cast.actor(cast.priya)
    assert actor.can("claims.read", cast.rockland.id)
    refused = actor.may("claims.submit", cast.rockland.id)
    assert not refused.allowed
    assert "only readable" in refused.reason
    assert not may_bill(cast, cast.rockland, at=datetime(2026, 6, 1, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"wind_down_lines": ["revenue_cycle"]}, "winds_down_until"),
        ({"winds_down_until": date(2026, 6, 1)}, "winds_down_until"),
        ({"wind_down_lines": ["revenue_cycle"], "winds_down_until": TODAY}, "winds_down_until"),
        ({"wind_down_lines": ["marketing"], "winds_down_until": date(2026, 6, 1)}, "wind_down_lines"),
    ],
)
def test_a_wind_down_that_makes_no_sense_is_refused(cast: Cast, more: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        terminate(cast, TODAY, **more)

    assert refused.value.field == field
    assert may_bill(cast, cast.rockland)


def test_an_agreement_does_not_end_in_the_past_and_not_twice(cast: Cast) -> None:
    with pytest.raises(Refused, match="is past"):
        terminate(cast, TODAY - timedelta(days=1))
    terminate(cast, TODAY)
    with pytest.raises(IllegalMove):
        terminate(cast, TODAY)


def test_a_second_agreement_waits_until_the_first_is_over(cast: Cast) -> None:
    agreement, _ = draft(cast, cast.rockland)
    with pytest.raises(Refused, match="is in force on some of these days"):
        sign(cast, cast.rockland, agreement)

    terminate(cast, TODAY)
    later, _ = draft(cast, cast.rockland, starts_on=TODAY)
    sign(cast, cast.rockland, later)

    assert may_bill(cast, cast.rockland)


def test_a_paper_that_is_no_pdf_or_a_side_that_did_not_sign_executes_nothing(cast: Cast, lumen: House) -> None:
    agreement, _ = draft(cast, lumen)
    paper = SignedDocument("agreement.exe", b"MZ...")
    half = signers(NOW)[:1]
    later = (*half, Signer(Side.PRACTICE, "Ana", "Owner", NOW + timedelta(days=1)))
    for document, signed, field in (
        (paper, signers(NOW), "document"),
        (pdf(), half, "signers"),
        (pdf(), later, "signers"),
    ):
        with cast.scope(lumen), pytest.raises(Refused) as refused:
            execution.execute(actor=builder(NOW), agreement=agreement, document=document, signers=signed, at=NOW)
        assert refused.value.field == field
    with cast.scope(lumen), reading():
        assert queries.agreement(agreement).state is S.DRAFT


def test_terms_with_a_fault_are_not_signed(cast: Cast, lumen: House) -> None:
    agreement, agreed = draft(cast, lumen)
    ahead = DayRange(date(2020, 1, 1), date(2020, 2, 1))
    broken = Terms(agreed.mode, agreed.mso, agreed.practice, agreed.days, (Line("denials", ahead),), agreed.fee)
    with cast.scope(lumen):
        drafting.revise(actor=builder(NOW), agreement=agreement, terms=broken, at=NOW)
    with pytest.raises(Refused, match="on no day of the term"):
        sign(cast, lumen, agreement)


def test_a_withdrawn_draft_stays_withdrawn(cast: Cast, lumen: House) -> None:
    agreement, _ = draft(cast, lumen)
    with cast.scope(lumen):
        drafting.withdraw(actor=builder(NOW), agreement=agreement, why="They chose another", at=NOW)
        with reading():
            assert [move.to for move in queries.moves(agreement)] == [S.DRAFT, S.WITHDRAWN]
    with pytest.raises(Refused, match="no draft"):
        sign(cast, lumen, agreement)


def test_a_line_with_its_own_days_opens_only_on_them(cast: Cast, lumen: House) -> None:
    agreement, agreed = draft(cast, lumen)
    testing.baa(lumen, at=NOW)
    billing = Line("revenue_cycle", DayRange(date(2026, 5, 1), date(2026, 6, 1)))
    with cast.scope(lumen):
        drafting.revise(
            actor=builder(NOW), agreement=agreement, at=NOW,
            terms=Terms(agreed.mode, agreed.mso, agreed.practice, agreed.days, (billing,), agreed.fee),
        )  # fmt: skip
    sign(cast, lumen, agreement)

    open_on = [
        day
        for day in range(1, 92)
        if may_bill(cast, lumen, at=datetime(2026, 4, 1, 12, tzinfo=UTC) + timedelta(days=day - 1))
    ]
    assert (open_on[0], open_on[-1]) == (31, 61)


def test_a_party_cannot_be_somebody_elses_entity(cast: Cast) -> None:
    theirs = testing.terms(cast.mso, cast.rival)
    with cast.scope(cast.rockland, cast.rival), pytest.raises(Refused, match="another one"):
        drafting.begin(actor=builder(NOW), practice=cast.rockland.id, terms=theirs, at=NOW)


def test_without_a_fresh_sign_in_nothing_is_executed_or_terminated(cast: Cast) -> None:
    kate = testing.person("kate@harborridge.example", "Kate", practice=cast.rockland.id, role="mso_executive", at=NOW)
    with cast.scope():
        for fresh, outcome in ((False, NotAllowed), (True, None)):
            actor = cast.actor(kate, fresh=fresh)
            if outcome:
                with pytest.raises(outcome, match="Confirm that it is you"):
                    execution.terminate(actor=actor, agreement=cast.agreement.agreement, ends_on=TODAY, why="x", at=NOW)
            else:
                execution.terminate(actor=actor, agreement=cast.agreement.agreement, ends_on=TODAY, why="x", at=NOW)


def test_higher_apps_hear_of_execution_and_end(cast: Cast) -> None:
    terminate(cast, TODAY)

    with cast.scope(), reading():
        facts = Fact.objects.filter(practice_id=cast.rockland.id).order_by("pk")
        names = list(facts.values_list("name", flat=True))
    assert [name.rsplit(".", 1)[-1] for name in names] == ["AgreementExecuted", "AgreementTerminated"]


def test_a_month_in_force_is_one_version_for_the_fee(cast: Cast) -> None:
    with cast.scope(), atomic.open():
        ((version, days),) = queries.versions_in(cast.rockland.id, Month(2026, 2).range)

    assert (version.number, days) == (1, Month(2026, 2).range)
