"""A facility as it is lived: Ana asks, Kate and Elena approve, Una pays out and posts, Theo sees nothing."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError
from django.urls import reverse

from openmso.agreements import testing as agreements
from openmso.agreements.services import law
from openmso.agreements.testing import Cast
from openmso.equity.contracts.facilities import (
    BREACH,
    INSTALMENT,
    TESTING,
    Every,
    Lending,
    Measure,
    NewCovenant,
    NewFacility,
    NotLent,
    Tie,
)
from openmso.equity.models import facilities as kept
from openmso.equity.queries import facilities
from openmso.equity.rules.distributing import FollowsReferrals
from openmso.equity.services import covenants, lending
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Accounts, Basis, Method, Selection
from openmso.ledger.queries import selection
from openmso.ledger.services import books, periods
from openmso.parties.testing import builder
from openmso.platform.access.contracts import Actor
from openmso.platform.access.duties import SamePerson
from openmso.platform.accounts.testing import signed_in
from openmso.platform.identity.models import User
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import Scope, atomic, reading, scope
from openmso.platform.ui.contracts import PageAsk
from openmso.platform.work import queries as work
from openmso.platform.work.contracts import InboxFilters

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
LATER = datetime(2026, 4, 3, 15, tzinfo=UTC)
ASKED = NewFacility("Equipment of the lab", Money.of(180_000), Decimal("0.075"), 60)


class Desk:
    """The cast with open books on both sides, and the people of the MSO who lend."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.people = {
            name: self._person(name, role)
            for name, role in (("Kate", "mso_executive"), ("Elena", "controller"), ("Una", "accountant"))
        }
        terms = cast.agreement.terms
        self.entities = (terms.practice.entity, terms.mso.entity)
        with self.scope():
            law.say(
                actor=builder(NOW), practice=cast.rockland.id, facts={"baa.downstream": "yes"}, why="Theirs", at=NOW
            )
        for entity, chart in zip(self.entities, ("practice", "mso"), strict=True):
            with self.scope():
                books.open_books(actor=builder(NOW), entity=entity, name=chart, method=Method.ACCRUAL,
                                 opens=Month(2026, 3), at=NOW, chart=chart)  # fmt: skip
                periods.open_next(actor=builder(NOW), entity=entity, month=Month(2026, 4), at=NOW)

    def _person(self, name: str, role: str) -> User:
        for practice in (self.cast.mso.id, self.cast.rockland.id):
            user = agreements.person(f"{name}@harbor.example".lower(), name, practice=practice, role=role, at=NOW)
        return user

    def scope(self) -> AbstractContextManager[Scope]:
        reach = tenancy.reach(self.cast.mso.id, self.cast.rockland.id)
        return scope(practices=reach.practices, entities=reach.entities)

    def by(self, name: str, at: datetime = NOW) -> Actor:
        return self.cast.actor(self.people.get(name, self.cast.ana), at=at)

    def opened(self) -> str:
        with self.scope():
            made = lending.request(actor=self.by("Ana"), practice=self.cast.rockland.id, new=ASKED, at=NOW).public_id
            for name in ("Kate", "Elena"):
                lending.approve(actor=self.by(name), facility=made, why="Budget of 2026", at=NOW)
        return made

    def waits(self, kind: str) -> int:
        elena = self.by("Elena", LATER)
        with reading():
            asked = InboxFilters(kinds=(kind,))
            return len(work.inbox(actor=elena, filters=asked, page=PageAsk(), at=LATER).rows)


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast)


def test_two_people_approve_and_nobody_twice_and_what_hangs_on_referrals_is_not_asked_for(desk: Desk) -> None:
    here = desk.cast.rockland.id
    with desk.scope():
        with pytest.raises(FollowsReferrals, match=r"411\.351"):
            tied = NewFacility("A scanner", Money.of(1_000), Decimal("0.05"), 12, tie=Tie.VOLUME)
            lending.request(actor=desk.by("Ana"), practice=here, new=tied, at=NOW)
        made = lending.request(actor=desk.by("Ana"), practice=here, new=ASKED, at=NOW).public_id
        with pytest.raises(NotLent, match="requested"):
            lending.draw(actor=desk.by("Una"), facility=made, amount=Money.of(1), on=NOW.date(), purpose="x", at=NOW)
        assert lending.approve(actor=desk.by("Kate"), facility=made, why="Yes", at=NOW).state is Lending.SECONDED
        with pytest.raises(SamePerson):
            lending.approve(actor=desk.by("Kate"), facility=made, why="Yes again", at=NOW)
        assert lending.approve(actor=desk.by("Elena"), facility=made, why="Yes", at=NOW).state is Lending.OPEN
        with pytest.raises(FollowsReferrals):
            lending.draw(actor=desk.by("Una"), facility=made, amount=Money.of(1), on=NOW.date(), tie=Tie.ORDERS,
                         purpose="A room", at=NOW)  # fmt: skip
    with desk.cast.scope(desk.cast.rival), reading(), pytest.raises(NotFound):
        facilities.facility(made)
    with desk.scope(), pytest.raises(DatabaseError, match="permission denied"), atomic.open():
        kept.FacilityStep.objects.update(to="closed")


def test_a_draw_is_repaid_in_both_books_and_its_balance_is_theirs(desk: Desk) -> None:
    made, said = desk.opened(), {"practice": desk.cast.rockland.id, "why": "Their contracts", "at": NOW}
    with desk.scope():
        law.say(actor=builder(NOW), facts={"baa.downstream": "no"}, **said)
        with pytest.raises(law.NotLawful, match="HIPAA-BA-01"):
            lending.draw(actor=desk.by("Una"), facility=made, amount=Money.of(1), on=NOW.date(), purpose="x", at=NOW)
        law.say(actor=builder(NOW), facts={"baa.downstream": "yes"}, **said)
        drawn = lending.draw(actor=desk.by("Una"), facility=made, amount=Money.of(180_000), on=NOW.date(),
                             purpose="The lab", at=NOW)  # fmt: skip
        with pytest.raises(NotLent, match=r"0\.00 may still be drawn"):
            lending.draw(actor=desk.by("Una"), facility=made, amount=Money.of(1), on=NOW.date(), purpose="x", at=NOW)
        with reading():
            so_far = facilities.interest(facilities.facility(made), through=date(2026, 3, 17))
            assert str(so_far) == "544.35"  # 1,125.00 × 15 ÷ 31
        assert covenants.watch(actor=builder(LATER), at=LATER) == 1
        assert desk.waits(INSTALMENT) == 1
        law.say(actor=builder(NOW), facts={"reassign.medicaid_to_mso": "yes"}, **said)
        with pytest.raises(law.NotLawful, match="MCD-AGENT-01"):
            lending.pay(actor=desk.by("Una", LATER), draw=drawn.public_id, on=date(2026, 4, 2), at=LATER)
        law.say(actor=builder(NOW), facts={"reassign.medicaid_to_mso": "no"}, **said)
        lending.pay(actor=desk.by("Una", LATER), draw=drawn.public_id, on=date(2026, 4, 2), at=LATER)
        assert desk.waits(INSTALMENT) == 0
    owed = Money.of("180000.00") - (Money.of("3606.83") - Money.of("1125.00"))
    ours, theirs = desk.entities
    with desk.scope(), reading():
        one = facilities.facility(made)
        assert one.balance == owed
        assert facilities.unequal(one) == []
        for entity, account, sign in ((ours, Accounts.FACILITY_OWED, -1), (theirs, Accounts.FACILITIES_LENT, 1)):
            chosen = Selection(entity, (account,), (Basis.COMMON,), date(2199, 1, 1))
            assert selection.total(chosen).net.times(sign) == owed
    ana = signed_in(desk.cast.ana)
    page = ana.get(reverse("equity:facility", args=[made])).text
    assert "177,518.17" in page
    assert "3,606.89" in ana.get(reverse("equity:of-draw", args=[drawn.public_id])).text
    assert signed_in(desk.cast.theo).get(reverse("equity:facility", args=[made])).status_code == 404


def test_a_revolving_facility_is_paid_ahead_drawn_again_and_charged_for_what_is_not_drawn(desk: Desk) -> None:
    with desk.scope():
        with pytest.raises(NotLent, match="Only a facility that revolves"):
            lending.request(actor=desk.by("Ana"), practice=desk.cast.rockland.id, at=NOW,
                            new=replace(ASKED, unused_rate=Decimal("0.005")))  # fmt: skip
        made = lending.request(actor=desk.by("Ana"), practice=desk.cast.rockland.id, at=NOW,
                               new=replace(ASKED, revolves=True, unused_rate=Decimal("0.006"))).public_id  # fmt: skip
        for name in ("Kate", "Elena"):
            lending.approve(actor=desk.by(name), facility=made, why="Budget of 2026", at=NOW)
        una, later = desk.by("Una"), desk.by("Una", LATER)
        drawn = lending.draw(actor=una, facility=made, amount=Money.of(150_000), on=NOW.date(), purpose="Lab", at=NOW)
        with pytest.raises(NotLent, match=r"30,000\.00 may still be drawn"):
            lending.draw(actor=una, facility=made, amount=Money.of(30_001), on=NOW.date(), purpose="x", at=NOW)
        with pytest.raises(NotLent, match="Instalment 1 was due"):
            lending.prepay(actor=later, draw=drawn.public_id, amount=Money.of(1), on=LATER.date(), at=LATER)
        with pytest.raises(NotLent, match=r"150,000\.00 is owed"):
            lending.prepay(actor=later, draw=drawn.public_id, amount=Money.of(150_001), on=date(2026, 3, 12), at=LATER)
        told = {"practice": desk.cast.rockland.id, "why": "Their contracts", "at": NOW}
        law.say(actor=builder(NOW), facts={"reassign.medicaid_to_mso": "yes"}, **told)
        with pytest.raises(law.NotLawful, match="MCD-AGENT-01"):
            lending.prepay(actor=later, draw=drawn.public_id, amount=Money.of(1), on=date(2026, 3, 12), at=LATER)
        with pytest.raises(law.NotLawful, match="MCD-AGENT-01"):
            lending.pay_unused(actor=later, facility=made, month=Month(2026, 3), on=LATER.date(), at=LATER)
        law.say(actor=builder(NOW), facts={"reassign.medicaid_to_mso": "no"}, **told)
        after = lending.prepay(
            actor=later, draw=drawn.public_id, amount=Money.of(60_000), on=date(2026, 3, 12), at=LATER
        )  # fmt: skip
        (ahead,) = after.prepaid
        assert str(ahead.interest) == "120.97"  # 60,000 × 7.5 % ÷ 12 × 10 ÷ 31
        assert (str(after.balance), str(after.rows[0].payment), str(after.rows[0].interest)) == (
            "90000.00", "1803.42", "562.50",
        )  # fmt: skip
        assert covenants.watch(actor=builder(LATER), at=LATER) == 2  # the instalment of April, the unused fee of March
        march = Month(2026, 3)
        with pytest.raises(NotLent, match="No unused fee is due for April"):
            lending.pay_unused(actor=later, facility=made, month=Month(2026, 4), on=LATER.date(), at=LATER)
        done = lending.pay_unused(actor=later, facility=made, month=march, on=LATER.date(), at=LATER)
        (fee,) = done.fees
        # 30,000 from the 2nd to the 11th, 90,000 from the 12th to the 31st, over 31 days; a twelfth of 0.6 % of it
        assert (str(fee.mean), str(fee.amount)) == ("67741.94", "33.87")
        lending.pay(actor=later, draw=drawn.public_id, on=date(2026, 4, 2), at=LATER)
        again = lending.draw(actor=later, facility=made, amount=Money.of(80_000), on=LATER.date(), purpose="A second "
                             "room", at=LATER)  # fmt: skip
        with reading():
            one = facilities.facility(made)
            assert str(one.left) == "11240.92"
            assert facilities.unequal(one) == []
        with pytest.raises(DatabaseError, match="only_what_revolves_has_an_unused_fee"), atomic.open():
            row = kept.Facility.objects.get(public_id=made)
            row.pk, row.public_id, row.revolves = None, "FAC-00000000", False
            row.save()
    page = signed_in(desk.cast.ana).get(reverse("equity:facility", args=[made])).text
    assert ("what was repaid is drawn again" in page, "67,741.94" in page, again.public_id in page) == (True,) * 3
    assert "120.97" in signed_in(desk.cast.ana).get(reverse("equity:of-draw", args=[drawn.public_id])).text


def test_a_breach_waits_with_its_clock_and_stops_draws_until_it_is_cured(desk: Desk) -> None:
    made, march = desk.opened(), Month(2026, 3)
    promised = NewCovenant("Cash of the practice", Measure.CASH, True, Decimal(50_000), Every.MONTH, 30)
    with desk.scope():
        one = covenants.add(actor=desk.by("Elena"), facility=made, new=promised, at=NOW)
        (covenant,) = (each.public_id for each in one.covenants)
        with pytest.raises(NotLent, match="no period that is over"):
            covenants.check(actor=desk.by("Elena"), covenant=covenant, month=march, at=NOW)
        lending.draw(actor=desk.by("Una"), facility=made, amount=Money.of("49999.99"), on=NOW.date(), purpose="Lab",
                     at=NOW)  # fmt: skip
        covenants.watch(actor=builder(LATER), at=LATER)
        assert desk.waits(TESTING) == 1
        done = covenants.check(actor=desk.by("Elena", LATER), covenant=covenant, month=march, at=LATER)
        (found,) = done.tests
        assert (found.met, str(found.value.normalize()), found.cure_by) == (False, "49999.99", date(2026, 5, 3))
        assert (desk.waits(TESTING), desk.waits(BREACH)) == (0, 1)
        with pytest.raises(NotLent, match="breached"):
            lending.draw(actor=desk.by("Una", LATER), facility=made, amount=Money.of(1), on=LATER.date(), purpose="x",
                         at=LATER)  # fmt: skip
        covenants.cure(actor=desk.by("Elena", LATER), covenant=covenant, month=march, on=LATER.date(),
                       words="Receipts of April", at=LATER)  # fmt: skip
        assert desk.waits(BREACH) == 0
        lending.pay(actor=desk.by("Una", LATER), on=LATER.date(), at=LATER,
                    draw=facilities_of(made))  # fmt: skip
        lending.draw(actor=desk.by("Una", LATER), facility=made, amount=Money.of(1), on=LATER.date(), purpose="x",
                     at=LATER)  # fmt: skip


def facilities_of(made: str) -> str:
    with reading():
        return facilities.facility(made).draws[0].public_id
