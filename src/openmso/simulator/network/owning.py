"""The demo's joint venture (cap table, a capital call with one share late, two distributions) and its facility."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from openmso.equity.contracts import (
    Act,
    Being,
    By,
    Compounding,
    NewClass,
    NewHolder,
    NewUnits,
    Sort,
    Venture,
    Vesting,
)
from openmso.equity.contracts.facilities import Every, Measure, NewCovenant, NewFacility
from openmso.equity.queries import ventures
from openmso.equity.services import capital, covenants, keeping, lending, yearly
from openmso.kit.money import Money
from openmso.ledger.contracts import Accounts, Method
from openmso.ledger.services import books, periods
from openmso.parties.contracts import Basis, EntityForm
from openmso.parties.services import practices
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading
from openmso.simulator.network.building import FIRST_MONTH, SETS_UP, SIGNED_AT, Network, within
from openmso.simulator.network.cast import MSO_NAME

WHERE = "ROCK"
NAME, TIN = "Penobscot Bay Surgery Center, LLC", "204561240"
BEGUN = date(2026, 9, 1)
KEPT_AT = datetime(2026, 9, 2, 14, tzinfo=UTC)
CALLED_AT, PAID_AT = datetime(2026, 9, 10, 14, tzinfo=UTC), datetime(2026, 9, 24, 14, tzinfo=UTC)
DECLARED_AT = datetime(2026, 10, 6, 14, tzinfo=UTC)
REPAID_AT = datetime(2026, 10, 26, 14, tzinfo=UTC)
DUE_ON = date(2026, 9, 30)
JUNE, MISSPELT = "June Hale", "June Hail"
ANA, MARA, FUND = "Dr. Ana Rockland", "Dr. Lucia Marin", "Whitten Capital Partners"
AREA = "Practises in the area and orders what the center does"

Staff = Callable[[str, datetime], Actor]
"""Whoever of the MSO has a role, at an instant."""


def keep(network: Network, staff: Staff, *, at: datetime) -> None:
    """The controller keeps the cap table, the executive declares, the controller pays; the last one still waits."""
    entity = _entity(network)
    with within(network.mso):
        made = _table(staff("controller", KEPT_AT), entity)
        _units(staff("controller", KEPT_AT), made)
        _call(staff, made)
        keeping.tell_revenue(
            actor=staff("controller", PAID_AT), venture=made, starts_on=date(2025, 9, 1), gross=Money.of("1842000.00"),
            from_investors=Money.of("611544.00"), shows="Cases by referring physician, report of September 2026",
            at=PAID_AT,
        )  # fmt: skip
        capital.allocate(
            actor=staff("controller", DECLARED_AT), venture=made, amount=Money.of("21400.00"), on=date(2026, 9, 30),
            why="Profit of September 2026", at=DECLARED_AT,
        )  # fmt: skip
        first = capital.declare(
            actor=staff("mso_executive", DECLARED_AT), venture=made, amount=Money.of("18000.00"), by=By.UNITS,
            why="Cash of September 2026", at=DECLARED_AT,
        )  # fmt: skip
        capital.pay(
            actor=staff("controller", DECLARED_AT), distribution=first.public_id, on=DECLARED_AT.date(), at=DECLARED_AT
        )  # fmt: skip
        _issue(staff("controller", at), made, network.sites[WHERE].practice, network.mso)
        capital.declare(
            actor=staff("mso_executive", at), venture=made, amount=Money.of("24500.00"), by=By.UNITS,
            why="Cash of October 2026", at=at,
        )  # fmt: skip


def _issue(elena: Actor, made: str, practice: int, mso: int) -> None:
    """What Dr. Ana's practice held in the year so far, issued to it."""
    with within(mso, practice):
        with reading():
            ana = next(each for each in ventures.today(made, elena.at).holders if each.name == ANA)
        yearly.issue(actor=elena, holder=ana.public_id, year=elena.at.year, at=elena.at)


def _entity(network: Network) -> str:
    """The legal entity with books, as the house set it up."""
    actor = Actor.system(SETS_UP, at=SIGNED_AT)
    with within(network.mso):
        entity = practices.add_entity(
            actor=actor, practice=network.mso, legal_name=NAME, form=EntityForm.LLC, ein=TIN, basis=Basis.ACCRUAL,
            starts_on=date(2025, 9, 1), at=SIGNED_AT,
        )  # fmt: skip
    with within(network.mso):
        books.open_books(
            actor=actor, entity=entity.id, name=NAME, method=Method.ACCRUAL, opens=FIRST_MONTH, at=SIGNED_AT,
            chart="mso",
        )  # fmt: skip
        for number in range(1, 3):
            periods.open_next(actor=actor, entity=entity.id, month=FIRST_MONTH.plus(number), at=SIGNED_AT)
    return entity.public_id


def _table(elena: Actor, entity: str) -> str:
    made = keeping.open_table(actor=elena, entity=entity, kind=Venture.JV, at=KEPT_AT)
    for new in (
        NewClass("Class P", Sort.PREFERRED, By.UNITS, "Preferred as to distributions; no vote.", Decimal("0.08"),
                 Compounding.YEARLY),
        NewClass("Class A", Sort.COMMON, By.UNITS,
                 "One vote a unit. Returns do not take the volume or value of referrals into account."),
        NewClass("Class M", Sort.PROFITS, By.UNITS, "For management; vests over four years.",
                 threshold=Money.of("400000.00")),
    ):  # fmt: skip
        keeping.add_class(actor=elena, venture=made, new=new, at=KEPT_AT)
    for holder in (
        NewHolder(MSO_NAME, Being.MSO, False, "Has no part in care"),
        NewHolder(ANA, Being.PERSON, True, AREA, WHERE),
        NewHolder(MARA, Being.PERSON, True, AREA),
        NewHolder(FUND, Being.OUTSIDE, False, "A fund without part in care"),
        NewHolder(MISSPELT, Being.OUTSIDE, False, "Administrator of the center, employed"),
    ):
        named = keeping.name_holder(actor=elena, venture=made, new=holder, at=KEPT_AT)
    keeping.correct_holder(
        actor=elena, holder=named.holders[-1].public_id, name=JUNE, being=Being.PERSON,
        why="Misspelt, and entered as an investor; the employment agreement says who she is", at=KEPT_AT,
    )  # fmt: skip
    return made


def _units(elena: Actor, made: str) -> None:
    with reading():
        one = ventures.today(made, KEPT_AT)
    classes = {each.name: each.public_id for each in one.classes}
    holders = {each.name: each.public_id for each in one.holders}
    plans: tuple[tuple[str, str, int, str, dict[str, Any]], ...] = (
        ("Class P", MSO_NAME, 3000, "300000.00", {}),
        ("Class A", MSO_NAME, 250, "25000.00", {}),
        ("Class A", ANA, 220, "22000.00", {}),
        ("Class A", MARA, 180, "18000.00", {}),
        ("Class A", FUND, 350, "35000.00", {"account": Accounts.EQUIPMENT}),
        ("Class M", JUNE, 48, "0.00", {"vesting": Vesting(BEGUN, 12, 48)}),
    )
    for cls, to, units, paid, more in plans:
        new = NewUnits(
            Act.ROLLOVER if "account" in more else Act.ISSUE, classes[cls], Decimal(units), BEGUN,
            "Operating agreement of 1 September 2026", to=holders[to], paid=Money.of(paid), **more,
        )  # fmt: skip
        keeping.move_units(actor=elena, venture=made, new=new, at=KEPT_AT)


def _call(staff: Staff, made: str) -> None:
    """Capital for a second room: all pay but one, whose share is late."""
    with reading():
        one = ventures.today(made, CALLED_AT)
    common = next(each.public_id for each in one.classes if each.name == "Class A")
    call = capital.call_capital(
        actor=staff("mso_executive", CALLED_AT), venture=made, cls=common, amount=Money.of("50000.00"),
        purpose="Equipment of a second procedure room", due_on=DUE_ON, at=CALLED_AT,
    )  # fmt: skip
    for share in call.shares:
        if share.name != MARA:
            capital.pay_share(
                actor=staff("controller", PAID_AT), call=call.public_id, holder=share.holder, amount=share.amount,
                on=PAID_AT.date(), at=PAID_AT,
            )  # fmt: skip


def lend(network: Network, staff: Staff, owner: Actor) -> None:
    """Rockland draws half of a facility for its ultrasound room and repays it; its covenant on cash is kept."""
    site = network.sites[WHERE]
    with within(network.mso, site.practice):
        asked = NewFacility(
            "Ultrasound room and its equipment", Money.of("60000.00"), Decimal("0.0675"), 36,
            "Unsecured; no personal guarantee. Nothing of it takes the volume or value of referrals into account.",
            revolves=True, unused_rate=Decimal("0.0025"),
        )  # fmt: skip
        made = lending.request(actor=replace(owner, at=KEPT_AT), practice=site.practice, new=asked, at=KEPT_AT)
        for role in ("mso_executive", "controller"):
            lending.approve(
                actor=staff(role, CALLED_AT), facility=made.public_id, why="Within the budget of 2026", at=CALLED_AT
            )
        for new in (
            NewCovenant("Cash at the end of the month", Measure.CASH, True, Decimal(5_000), Every.MONTH, 30),
            NewCovenant("Income covers the instalments", Measure.COVERAGE, True, Decimal("1.25"), Every.QUARTER, 45),
        ):
            one = covenants.add(actor=staff("controller", CALLED_AT), facility=made.public_id, new=new, at=CALLED_AT)
        drawn = lending.draw(
            actor=staff("controller", PAID_AT), facility=made.public_id, amount=Money.of("30000.00"),
            on=PAID_AT.date(), purpose="Ultrasound unit", at=PAID_AT,
        )  # fmt: skip
        lending.pay(actor=staff("controller", REPAID_AT), draw=drawn.public_id, on=REPAID_AT.date(), at=REPAID_AT)
        lending.prepay(
            actor=staff("controller", REPAID_AT), draw=drawn.public_id, amount=Money.of("4000.00"),
            on=REPAID_AT.date(), at=REPAID_AT,
        )  # fmt: skip
        lending.pay_unused(
            actor=staff("controller", DECLARED_AT), facility=made.public_id, month=FIRST_MONTH, on=DECLARED_AT.date(),
            at=DECLARED_AT,
        )  # fmt: skip
        covenants.check(
            actor=staff("controller", DECLARED_AT), covenant=one.covenants[0].public_id, month=FIRST_MONTH,
            at=DECLARED_AT,
        )  # fmt: skip
        covenants.watch(actor=Actor.system("OpenMSO", at=REPAID_AT), at=REPAID_AT)
