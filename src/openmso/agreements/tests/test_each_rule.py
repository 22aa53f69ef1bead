"""Every rule that blocks, requires, reserves, notices or runs a clock, once each way through the services.

Practices with other papers each, moved from state to state: what papers say nobody can say otherwise. What breaks the
rules of a state is so at once, wherever two of them do not speak of the same fact: signing, renewal, payment and the change of facts then stop for exactly those rules whose
moment it is. Then what keeps them is said, and nothing stops. Rules that were only recalled are signed off first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from openmso.agreements.contracts import LAW_WORK
from openmso.agreements.fees.reading import terms_of
from openmso.agreements.law import deriving
from openmso.agreements.law.judging import Verdict
from openmso.agreements.law.rulebook import Evidence, Moment, Outcome
from openmso.agreements.queries import agreements, reserved
from openmso.agreements.queries import law as queries
from openmso.agreements.services import abiding, drafting, execution, law
from openmso.agreements.testing import PERCENT, Cast, executed, pdf, signers
from openmso.agreements.tests.test_law import EACH_WAY, RULES, case_of
from openmso.compliance.queries import clearing as told
from openmso.compliance.queries.clearing import Asked, Flow
from openmso.compliance.services import clearing
from openmso.parties import testing as parties
from openmso.parties.contracts import Specialty
from openmso.parties.services import practices
from openmso.parties.testing import House, builder
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
BY_PAPER = frozenset(
    "place.state place.cpom practice.profession agreement.begun_on agreement.days scope.touches_phi scope.bills "
    "fee.is_percentage fee.is_contingent baa.in_force change.of_compensation change.is_prospective".split()
)
"""What papers and registers say by themselves; signatures and writing people may know better."""
ASKED = (Moment.SIGN, Moment.RENEWAL, Moment.PAYMENT, Moment.CHANGE)
"""The moments of services; a draft only tells, opening records and the end have stories of their own."""


FLAT: dict[str, Any] = {"period": "month", "components": [{"kind": "flat", "amount": "4200.00", "per": "month"}]}
SPECIALTIES = {"optometry": Specialty.OPTOMETRY, "dentistry": Specialty.DENTAL, "medicine": Specialty.PRIMARY_CARE}
SHORT = date(2026, 12, 31)
"""The first day after a term of 364 days from the first of January."""


@dataclass(frozen=True, slots=True)
class Papers:
    """What papers say themselves, so that nobody may say it otherwise: each another practice with other papers.

    `changed` is how the fee of a signed amendment and of the draft on the desk differ: not, ahead or in arrears.
    """

    is_percentage: bool = False
    is_short: bool = False
    has_baa: bool = True
    changed: str = ""

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Papers:
        """The papers that say some facts."""
        changed = {None: "", True: "ahead", False: "back"}[facts.get("change.is_prospective")]
        return cls(
            bool(facts.get("fee.is_percentage") or facts.get("fee.is_contingent")),
            facts.get("agreement.days") == 364, bool(facts.get("baa.in_force", True)), changed,
        )  # fmt: skip


@dataclass(slots=True)
class Office:
    """A practice with some papers, wherever it is, with an amendment on the desk that is to be signed."""

    cast: Cast
    houses: dict[Papers, tuple[House, str]]
    papers: Papers = Papers()
    state: str = "TX"
    said: dict[Papers, dict[str, str]] = field(default_factory=dict)

    @property
    def house(self) -> House:
        return self.houses[self.papers][0]

    @property
    def agreement(self) -> str:
        return self.houses[self.papers][1]

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Every practice with papers, and the MSO."""
        with scope(practices=[self.cast.mso.id, *(house.id for house, _ in self.houses.values())]):
            yield

    def in_state(self, state: str) -> None:
        self.state = state

    def say(self, facts: Mapping[str, Any]) -> None:
        """Exactly these facts: by the papers that say them, and beside what is lawful what people say."""
        self.papers = Papers.of(facts)
        house = self.house.practice
        practices.change(
            actor=builder(AT), practice=house.id, name=house.name, state=self.state, at=AT,
            specialty=SPECIALTIES[facts.get("practice.profession", "medicine")],
        )  # fmt: skip
        wanted = {name: deriving.said_of(value) for name, value in {**LAWFUL, **facts}.items() if name not in BY_PAPER}
        said = self.said.get(self.papers, {})
        changed = dict.fromkeys(set(said) - set(wanted), "") | wanted
        fresh = {name: text for name, text in changed.items() if said.get(name, "") != text}
        law.say(actor=builder(AT), practice=house.id, facts=fresh, why="Minutes", at=AT)
        self.said[self.papers] = wanted

    def stopped(self) -> dict[Moment, set[str]]:
        """What each moment stops for: what signing, renewal and payment refuse, and what waits after a change."""
        with reading():
            found, on = agreements.agreement(self.agreement), AT.date()
            assert found.draft is not None
            terms = found.versions[-1].terms
            renewal = queries.at_renewal(found, terms, starts_on=date(2027, 1, 1), on=on)
            paid = told.told(Asked(Flow.FEE, self.house.id, self.agreement), at=AT)
            return {
                Moment.SIGN: {one.rule for one in queries.stops(queries.at_signing(found, on=on))},
                Moment.RENEWAL: {one.rule for one in queries.stops(renewal)},
                Moment.PAYMENT: {one.rule for one in paid.stops},
                Moment.CHANGE: waits(self.agreement),
            }

    def refuses(self, moment: Moment) -> bool:
        """Whether the service itself refuses."""
        actor, here = builder(AT), self.house.id
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


def waits(agreement: str) -> set[str]:
    """The rules of an agreement for which something waits for compliance."""
    with reading():
        held = WorkItem.objects.filter(kind=LAW_WORK, state=Working.OPEN).values_list("key", flat=True)
        parted = [key.split("|") for key in held]
        return {code for _, of, code in parted if of == agreement}


def office_of(cast: Cast, *asked: Papers) -> Office:
    """Practices with the papers that are asked for, and every recalled rule signed off by counsel."""
    houses = {papers: papered(cast, papers, number) for number, papers in enumerate({Papers(), *asked})}
    with scope(practices=[cast.mso.id]):
        for code, rule in RULES.items():
            if rule.evidence is Evidence.RECALLED:
                law.sign_off(actor=builder(AT), mso=cast.mso.id, code=code, counsel="R. Hale", note="Read", at=AT)
    return Office(cast, houses)


def papered(cast: Cast, papers: Papers, number: int) -> tuple[House, str]:
    """A practice with these papers and an amendment on the desk."""
    house = parties.practice(at=AT, code=f"H{number}", name=f"House {number}", state="TX")
    fee = PERCENT if papers.is_percentage else FLAT
    made = executed(
        cast.mso, house, at=AT, fee=fee, ends_on=SHORT if papers.is_short else None, with_baa=papers.has_baa
    )
    one, actor = made.agreement, builder(AT)
    days = {"": (), "ahead": (date(2026, 12, 10),), "back": (date(2026, 11, 1),)}[papers.changed]
    with scope(practices=[cast.mso.id, house.id]):
        for place, starts_on in enumerate([*days, *(days or (date(2026, 12, 15),))]):
            limit = {"minimum": f"{1300 + place}.00"} if papers.changed else {}
            terms = replace(made.terms, fee=terms_of(fee | limit))
            drafting.amend(actor=actor, agreement=one, starts_on=starts_on, terms=terms, at=AT, summary="Hours")
            if place < len(days):
                execution.execute(actor=actor, agreement=one, document=pdf("2"), signers=signers(AT), at=AT)
    return house, one


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
    told = [facts for codes in by_state().values() for side in (2, 4) for _, facts in batches(codes, side)]
    office = office_of(cast, *map(Papers.of, told))
    wrong, tried, left = list[str](), set[str](), {Moment.SIGN, Moment.RENEWAL, Moment.PAYMENT}
    with office.scope():
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
    with office.scope():
        for code in rules:
            state, there, bad, _, good, kept = EACH_WAY[code]
            for facts, at, ought in ((bad, state, True), (good, "TX" if kept else state, False)):
                office.in_state(at)
                office.say(case_of(f"{there} {facts}"))
                with reading():
                    by, _unknown = reserved.on_day(office.house.id, AT.date())
                assert (code in {one.name for one in by}) is ought, (code, at)
                assert {one.code for one in by if one.name == code} == (set(RULES[code].reserves) if ought else set())
    assert len(rules) == 4


def test_records_are_returned_at_the_end_and_what_is_not_waits_until_it_is_certified(cast: Cast) -> None:
    """HIPAA-BA-03: what the end of a relationship asks waits for compliance, and is closed when it is so."""
    office = office_of(cast)
    with office.scope():
        office.say(case_of("!phi.returned !phi.protected phi.certificate"))
        execution.terminate(actor=builder(AT), agreement=office.agreement, ends_on=AT.date(), why="Ended", at=AT)
        abiding.look(practice=office.house.id, actor=builder(AT), at=AT)
        assert "HIPAA-BA-03" in waits(office.agreement)
        office.say(case_of("phi.returned phi.certificate"))
        assert "HIPAA-BA-03" not in waits(office.agreement)


def test_negative_control_a_rule_that_is_withdrawn_stops_nothing(cast: Cast) -> None:
    percentage = case_of("fee.is_percentage")
    office = office_of(cast, Papers.of(percentage))
    with scope(practices=[cast.mso.id]):
        law.withdraw_rule(actor=builder(AT), mso=cast.mso.id, code="NY-FS-01", why="A test", at=AT)
    with office.scope():
        office.in_state("NY")
        office.say(percentage)
        assert not office.refuses(Moment.PAYMENT)
        assert all("NY-FS-01" not in stops for stops in office.stopped().values())
