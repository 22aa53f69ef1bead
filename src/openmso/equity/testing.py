"""Builders for tests of this and of higher apps; they walk the real services.

    made = venture(cast.mso.id, at=NOW)

A joint venture of the MSO with Dr. Ana, who can refer, and an outside investor, who cannot: a class with a preferred
return of 8 % and common units; books are open from January to April 2026.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from openmso.equity.contracts import NewClass, NewHolder, NewUnits, Table
from openmso.equity.queries import ventures
from openmso.equity.services import keeping
from openmso.equity.states import Act, Being, By, Compounding, Sort, Venture
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Method
from openmso.ledger.services import books, periods
from openmso.parties.contracts import Basis, EntityForm
from openmso.parties.services import practices
from openmso.parties.testing import EARLY, builder, ein
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import Scope, reading, scope

BEGUN = date(2026, 1, 1)
OPENED = (Month(2026, 2), Month(2026, 3), Month(2026, 4))


@dataclass(frozen=True, slots=True)
class Made:
    """A joint venture: its tenant, entity and cap table, and public ids by name."""

    practice: int
    entity: int
    venture: str
    classes: dict[str, str]
    holders: dict[str, str]

    def scope(self) -> AbstractContextManager[Scope]:
        """Work in the scope of its tenant and all its books."""
        reach = tenancy.reach(self.practice)
        return scope(practices=reach.practices, entities=reach.entities)

    def table(self, on: date) -> Table:
        """Its cap table on a day."""
        with self.scope(), reading():
            return ventures.table(self.venture, on=on)


def venture(
    practice: int, *, at: datetime, name: str = "Penobscot Surgery Center, LLC", number: int = 7_000_000
) -> Made:  # fmt: skip
    """A joint venture of a tenant with two classes and three holders, before any unit is issued."""
    actor = builder(at)
    with scope(practices=[practice]):
        entity = practices.add_entity(
            actor=actor, practice=practice, legal_name=name, form=EntityForm.LLC, ein=ein(number),
            basis=Basis.ACCRUAL, starts_on=EARLY, at=at,
        )  # fmt: skip
    reach = tenancy.reach(practice)
    with scope(practices=reach.practices, entities=reach.entities):
        books.open_books(
            actor=actor, entity=entity.id, name=name, method=Method.ACCRUAL, opens=Month(2026, 1), at=at, chart="mso"
        )
        for month in OPENED:
            periods.open_next(actor=actor, entity=entity.id, month=month, at=at)
        made = keeping.open_table(actor=actor, entity=entity.public_id, kind=Venture.JV, at=at)
        for new in (
            NewClass("Class P", Sort.PREFERRED, By.UNITS, "Preferred as to distributions.", Decimal("0.08"),
                     Compounding.YEARLY),
            NewClass("Class A", Sort.COMMON, By.UNITS, "One vote a unit, without regard to the volume of referrals."),
        ):  # fmt: skip
            keeping.add_class(actor=actor, venture=made, new=new, at=at)
        for holder in (
            NewHolder("Harbor Ridge MSO", Being.MSO, False, "Has no part in care"),
            NewHolder("Dr. Ana Rockland", Being.PERSON, True, "Practises in the area and orders what it does"),
            NewHolder("Whitten Capital", Being.OUTSIDE, False, "A fund without part in care"),
        ):
            one = keeping.name_holder(actor=actor, venture=made, new=holder, at=at)
    return Made(
        practice, entity.id, made, {each.name: each.public_id for each in one.classes},
        {each.name: each.public_id for each in one.holders},
    )  # fmt: skip


def issue(
    made: Made, cls: str, holder: str, units: int, paid: str, *, at: datetime, on: date = BEGUN, act: Act = Act.ISSUE,
    **more: object,
) -> Table:  # fmt: skip
    """Units for money, in the scope of the venture's tenant; `more` as `NewUnits` has it."""
    new = NewUnits(
        act, made.classes[cls], Decimal(units), on, "Subscription", to=made.holders[holder], paid=Money.of(paid),
        **more,  # type: ignore[arg-type]
    )  # fmt: skip
    with made.scope():
        return keeping.move_units(actor=builder(at), venture=made.venture, new=new, at=at)
