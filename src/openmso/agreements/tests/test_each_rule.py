"""Every rule that blocks, requires, reserves, notices or runs a clock, once each way through the services.

One practice, moved from state to state. What breaks the rules of a state is said at once, wherever two of them do not
speak of the same fact: signing, renewal, payment and the change of facts then stop for exactly those rules whose
moment it is. Then what keeps them is said, and nothing stops. Rules that were only recalled are signed off first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from openmso.agreements.contracts import LAW_WORK
from openmso.agreements.law import deriving
from openmso.agreements.law.judging import Verdict
from openmso.agreements.law.rulebook import Evidence, Moment, Outcome
from openmso.agreements.queries import agreements, reserved
from openmso.agreements.queries import law as queries
from openmso.agreements.services import abiding, drafting, execution, law
from openmso.agreements.testing import Cast, pdf, signers
from openmso.agreements.tests.test_law import EACH_WAY, RULES, case_of
from openmso.compliance.queries import clearing as told
from openmso.compliance.queries.clearing import Asked, Flow
from openmso.compliance.services import clearing
from openmso.parties.services import practices
from openmso.parties.testing import builder
from openmso.platform.tenancy.scope import atomic, reading, scope
from openmso.platform.work.models import WorkItem
from openmso.platform.work.states import Working

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 15, tzinfo=UTC)
BITING = {Outcome.BLOCK, Outcome.REQUIRE, Outcome.NOTICE, Outcome.CLOCK, Outcome.ALLOW, Outcome.CHECKLIST}
LAWFUL = case_of(
    "practice.owner_licensed practice.majority_licensed practice.profession=medicine practice.kind=group "
    "agreement.covers_all scope.is_reasonable fee.set_in_advance fee.is_fmv fmv.on_file fmv.is_reasonable "
    "reassign.account_of_practice baa.downstream exclusion.screened "
    + " ".join(
        f"!{name}" for name in (
            "relation.federal relation.dhs relation.physician_financial agreement.again_within_year fee.by_referrals "
            "fee.has_outcomes fee.is_percentage fee.is_contingent fee.divides_professional scope.promotes_unlawful "
            "scope.network_development mso.private_equity mso.owns_majority mso.holds_proxy mso.causes_issue "
            "mso.finances_majority dual.serves_both stock.mso_controls stock.mso_replaces clause.noncompete "
            "clause.secrecy reassign.medicare_to_mso reassign.medicaid_to_mso sweep.government lease.between_parties "
            "lease.is_holdover gpo.receives_fees discount.passed_on exclusion.matched transaction.planned "
            "practice.wholly_owned_by_mso jv.referring_investors control.hiring control.scripts control.bank "
            "control.targets control.non_physician aco.earns ownership.group_practice change.of_compensation fca.known "
            "premises.shared_with_optician clause.bars_competition clause.bars_speech"
        ).split()
    )
)  # fmt: skip
"""A relationship that no rule stops, in any state."""
ASKED = (Moment.SIGN, Moment.RENEWAL, Moment.PAYMENT, Moment.CHANGE)
"""The moments of services; a draft only tells, opening records and the end have stories of their own."""


@dataclass(slots=True)
class Office:
    """Rockland, wherever it is, with an amendment on the desk that is to be signed."""

    cast: Cast
    agreement: str
    said: dict[str, str]

    def in_state(self, state: str) -> None:
        house = self.cast.rockland.practice
        practices.change(
            actor=builder(AT), practice=house.id, name=house.name, specialty=house.specialty, state=state, at=AT
        )

    def say(self, facts: Mapping[str, Any]) -> None:
        """Exactly these facts beside what is lawful; what was said before is taken back."""
        wanted = {name: deriving.said_of(value) for name, value in {**LAWFUL, **facts}.items()}
        changed = dict.fromkeys(set(self.said) - set(wanted), "") | wanted
        fresh = {name: text for name, text in changed.items() if self.said.get(name, "") != text}
        law.say(actor=builder(AT), practice=self.cast.rockland.id, facts=fresh, why="Minutes", at=AT)
        self.said = wanted

    def stopped(self) -> dict[Moment, set[str]]:
        """What each moment stops for: what signing, renewal and payment refuse, and what waits after a change."""
        with reading():
            found, on = agreements.agreement(self.agreement), AT.date()
            assert found.draft is not None
            terms = found.versions[-1].terms
            renewal = queries.at_renewal(found, terms, starts_on=date(2027, 1, 1), on=on)
            paid = told.told(Asked(Flow.FEE, self.cast.rockland.id, self.agreement), at=AT)
            return {
                Moment.SIGN: {one.rule for one in queries.stops(queries.at_signing(found, on=on))},
                Moment.RENEWAL: {one.rule for one in queries.stops(renewal)},
                Moment.PAYMENT: {one.rule for one in paid.stops},
                Moment.CHANGE: waits(),
            }

    def refuses(self, moment: Moment) -> bool:
        """Whether the service itself refuses."""
        actor, here = builder(AT), self.cast.rockland.id
        try:
            with atomic.open():
                if moment is Moment.SIGN:
                    execution.execute(
                        actor=actor, agreement=self.agreement, document=pdf("Next"), signers=signers(AT), at=AT
                    )
                elif moment is Moment.PAYMENT:
                    clearing.clear(flow=Flow.FEE, practice=here, agreement=self.agreement, at=AT)
                elif moment is Moment.RENEWAL:
                    found = agreements.agreement(self.agreement)
                    law.refuse_renewal(found, found.versions[-1].terms, starts_on=date(2027, 1, 1), on=AT.date())
                raise Undone
        except law.NotLawful:
            return True
        except Undone:
            return False


class Undone(Exception):
    """What was tried is taken back, so that the next rules find the same agreement."""


def waits() -> set[str]:
    """The rules for which something waits for compliance."""
    with reading():
        held = WorkItem.objects.filter(kind=LAW_WORK, state=Working.OPEN).values_list("key", flat=True)
        return {key.split("|")[2] for key in held}


def office_of(cast: Cast) -> Office:
    """Rockland with an amendment to be signed, and every recalled rule signed off by counsel."""
    one = cast.agreement
    with scope(practices=[cast.mso.id]):
        for code, rule in RULES.items():
            if rule.evidence is Evidence.RECALLED:
                law.sign_off(actor=builder(AT), mso=cast.mso.id, code=code, counsel="R. Hale", note="Read", at=AT)
    with cast.scope():
        drafting.amend(
            actor=builder(AT), agreement=one.agreement, starts_on=date(2026, 12, 15), terms=one.terms, at=AT,
            summary="Hours",
        )  # fmt: skip
    return Office(cast, one.agreement, {})


def batches(codes: list[str], side: int) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """Rules of a state whose facts do not contradict each other, with what breaks (2) or keeps (4) them all."""
    left = list(codes)
    while left:
        mine, facts, rest = list[str](), dict[str, Any](), list[str]()
        for code in left:
            wanted = case_of(f"{EACH_WAY[code][1]} {EACH_WAY[code][side]}")
            if all(facts.get(name, value) == value for name, value in wanted.items()):
                facts |= wanted
                mine.append(code)
            else:
                rest.append(code)
        yield mine, facts
        left = rest


def by_state() -> dict[str, list[str]]:
    """The rules that stop, or run a clock, by the state in which they are tried."""
    found: dict[str, list[str]] = {}
    for code, (state, _, _, bites, *_) in EACH_WAY.items():
        if RULES[code].outcome in BITING and bites is not Verdict.MEETS and RULES[code].moments & set(ASKED):
            found.setdefault(state, []).append(code)
    return found


def test_what_breaks_the_rules_of_a_state_stops_at_their_moments_and_nothing_else_does(cast: Cast) -> None:
    office = office_of(cast)
    wrong, tried, left = list[str](), set[str](), {Moment.SIGN, Moment.RENEWAL, Moment.PAYMENT}
    with cast.scope():
        for state, codes in sorted(by_state().items()):
            office.in_state(state)
            office.say({})
            if any(none := office.stopped().values()):
                wrong.append(f"{state}: a lawful relationship is stopped: {none}")
            for mine, facts in batches(codes, 2):
                office.say(facts)
                for moment, stops in office.stopped().items():
                    ought = {code for code in mine if moment in RULES[code].moments}
                    if stops != ought:
                        wrong.append(f"{state}, {moment.label}: {sorted(stops)} instead of {sorted(ought)}")
                    if moment in left and ought:
                        left.remove(moment)  # each service itself once; what it refuses by is what is asked here
                        if not office.refuses(moment):
                            wrong.append(f"{state}, {moment.label}: the service lets it be")
                tried |= set(mine)
            for mine, facts in batches(codes, 4):
                office.say(facts)
                runs = {code for code in mine if EACH_WAY[code][5] is Verdict.RUNS}
                for moment, stops in office.stopped().items():
                    if stops - (runs if moment is Moment.CHANGE else set()):
                        wrong.append(f"{state}, {moment.label}, kept: {sorted(stops)}")
        office.say({})
        for moment in (Moment.SIGN, Moment.RENEWAL, Moment.PAYMENT):
            if office.refuses(moment):
                wrong.append(f"{moment.label}: nothing is broken, and the service refuses")
    assert wrong == []
    biting = {code for code, one in RULES.items() if one.outcome in BITING - {Outcome.ALLOW, Outcome.CHECKLIST}}
    assert biting - tried == {"HIPAA-BA-03"}, "its moment is the end: see below"


def test_what_the_law_of_a_state_reserves_is_the_practices_there_and_not_elsewhere(cast: Cast) -> None:
    office = office_of(cast)
    rules = [code for code, one in RULES.items() if one.outcome is Outcome.RESERVE]
    with cast.scope():
        for code in rules:
            state, there, bad, _, good, kept = EACH_WAY[code]
            for facts, at, ought in ((bad, state, True), (good, "TX" if kept else state, False)):
                office.in_state(at)
                office.say(case_of(f"{there} {facts}"))
                with reading():
                    by, _unknown = reserved.on_day(cast.rockland.id, AT.date())
                assert (code in {one.name for one in by}) is ought, (code, at)
                assert {one.code for one in by if one.name == code} == (set(RULES[code].reserves) if ought else set())
    assert len(rules) == 4


def test_records_are_returned_at_the_end_and_what_is_not_waits_until_it_is_certified(cast: Cast) -> None:
    """HIPAA-BA-03: what the end of a relationship asks waits for compliance, and is closed when it is so."""
    office = office_of(cast)
    with cast.scope():
        office.say(case_of("!phi.returned !phi.protected phi.certificate"))
        execution.terminate(actor=builder(AT), agreement=office.agreement, ends_on=AT.date(), why="Ended", at=AT)
        abiding.look(practice=cast.rockland.id, actor=builder(AT), at=AT)
        assert "HIPAA-BA-03" in waits()
        office.say(case_of("phi.returned phi.certificate"))
        assert "HIPAA-BA-03" not in waits()


def test_negative_control_a_rule_that_is_withdrawn_stops_nothing(cast: Cast) -> None:
    office = office_of(cast)
    with scope(practices=[cast.mso.id]):
        law.withdraw_rule(actor=builder(AT), mso=cast.mso.id, code="NY-FS-01", why="A test", at=AT)
    with cast.scope():
        office.in_state("NY")
        office.say(case_of("fee.is_percentage"))
        assert not office.refuses(Moment.PAYMENT)
        assert all("NY-FS-01" not in stops for stops in office.stopped().values())
