"""The controller's desk in the stories: a practice's month with money in it, the MSO's books, and who signs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from openmso.agreements import testing as agreements
from openmso.agreements.services import law
from openmso.agreements.testing import Cast
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Accounts, Basis, Method, Selection
from openmso.ledger.queries import selection
from openmso.ledger.services import books, periods
from openmso.parties import contracts as parties
from openmso.parties import testing as party_builders
from openmso.parties.contracts import PayerKind
from openmso.parties.queries import practices
from openmso.parties.testing import House
from openmso.platform.access.contracts import Actor
from openmso.platform.identity.models import User
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading, scope
from openmso.remittances.testing import claim, line
from openmso.remittances.tests.office import MARCH, Office, office_of
from openmso.settlement import queries, services
from openmso.settlement.contracts import Settlement, Statement

APRIL = datetime(2026, 4, 2, 14, tzinfo=UTC)
PAID_ON = date(2026, 4, 2)
OFFICE_DAY = date(2026, 3, 12)


@dataclass(slots=True)
class Desk:
    """A practice and the MSO, their two books, and the day after the month."""

    cast: Cast
    house: House
    office: Office
    elena: User
    mso_entity: int
    at: datetime = APRIL

    @contextmanager
    def scope(self) -> Iterator[None]:
        reach = tenancy.reach(self.cast.mso.id, self.house.id)
        with scope(practices=reach.practices, entities=reach.entities):
            yield

    @property
    def actor(self) -> Actor:
        """Elena, the MSO's controller, as a request would see her."""
        return self.cast.actor(self.elena, at=self.at)

    @property
    def owner(self) -> Actor:
        return self.cast.actor(self.cast.ana, at=self.at)

    def paid(self, amount: str, *, charge: str = "14000.00", payer: parties.Payer | None = None,
             beside: Sequence[Any] = (), paid_on: date = OFFICE_DAY) -> Any:  # fmt: skip
        """A claim that was sent and paid, `beside` others in one remittance; returns the payment."""
        sent = self.office.sent(("99213", charge))
        left = Money.of(charge) - Money.of(amount)
        paid = claim(sent.control, line("99213", charge, paid=amount, reasons=[f"CO 45 {left.amount}"],
                                        control=f"{sent.control}-01"))  # fmt: skip
        self.office.pay(*beside, paid, payer=(payer or self.cast.payer).edi_id, paid_on=paid_on)
        return paid

    def settle(self, month: Month = MARCH) -> Settlement:
        with self.scope():
            return services.settle(actor=self.actor, practice=self.house.id, month=month, at=self.at)

    def approve(self, one: Settlement) -> Settlement:
        with self.scope():
            return services.approve(actor=self.owner, settlement=one.public_id, at=self.at)

    def pay(self, one: Settlement, on: date = PAID_ON) -> Settlement:
        with self.scope():
            return services.pay(actor=self.actor, settlement=one.public_id, paid_on=on, at=self.at)

    def withdraw(self, one: Settlement, why: str = "A payment was missing") -> Settlement:
        with self.scope():
            return services.withdraw(actor=self.actor, settlement=one.public_id, why=why, at=self.at)

    def statement(self, one: Settlement) -> Statement:
        with self.scope(), reading():
            return queries.statement(one.public_id)

    def balance(self, entity: int, account: str, *bases: Basis) -> Money:
        """Debits less credits of an account; on the accrual basis unless told."""
        wanted = Selection(entity, (account,), bases or (Basis.COMMON, Basis.ACCRUAL), date(2027, 1, 1))
        with self.scope(), reading():
            return selection.total(wanted).net

    def fees(self) -> tuple[str, str, str, str]:
        """Charged, owed (the practice's book), earned, receivable (the MSO's)."""
        ours, theirs = self.house.entity.id, self.mso_entity
        return (
            str(self.balance(ours, Accounts.MANAGEMENT_FEE)), str(-self.balance(ours, Accounts.DUE_TO_MSO)),
            str(-self.balance(theirs, Accounts.FEE_REVENUE)), str(self.balance(theirs, Accounts.FEES_RECEIVABLE)),
        )  # fmt: skip


def desk_of(cast: Cast) -> Desk:
    """Rockland's desk; its books and the MSO's are open from March to April."""
    with scope(practices=[cast.mso.id]), reading():
        mso_entity = practices.entities(cast.mso.id, on=cast.at.date())[0].id
    reach = tenancy.reach(cast.mso.id)
    with scope(practices=reach.practices, entities=reach.entities):
        books.open_books(
            actor=party_builders.builder(cast.at), entity=mso_entity, name="Harbor Ridge MSO", method=Method.ACCRUAL,
            opens=MARCH, at=cast.at, chart="mso",
        )  # fmt: skip
        periods.open_next(actor=party_builders.builder(cast.at), entity=mso_entity, month=MARCH.plus(1), at=cast.at)
    elena = agreements.person("elena@harborridge.example", "Elena Vass", practice=cast.mso.id, role="controller",
                              at=cast.at)  # fmt: skip
    return _at_work(cast, cast.rockland, mso_entity, elena)


def desk_beside(
    desk: Desk, fee: dict[str, Any], *, code: str = "PINE", since: date = agreements.SINCE, **more: Any
) -> Desk:  # fmt: skip
    """The desk of another practice of the same MSO, under these fee terms, and `more` terms."""
    cast = desk.cast
    house = party_builders.practice(at=cast.at, code=code, name=f"{code.capitalize()} Clinic")
    agreements.executed(cast.mso, house, at=cast.at, fee=fee, starts_on=since, **more)
    return _at_work(cast, house, desk.mso_entity, desk.elena)


def _at_work(cast: Cast, house: House, mso_entity: int, elena: User) -> Desk:
    office = office_of(house, cast.payer, at=datetime(2026, 3, 12, 15, tzinfo=UTC))
    agreements.person(elena.email, elena.name, practice=house.id, role="controller", at=cast.at)
    made = Desk(cast, house, office, elena, mso_entity)
    with made.scope():
        law.say(
            actor=office.actor, practice=house.id, facts={"baa.downstream": "yes"}, why="Their contracts", at=cast.at
        )
        periods.open_next(actor=office.actor, entity=house.entity.id, month=MARCH.plus(1), at=cast.at)
    return made


def medicaid(cast: Cast) -> parties.Payer:
    """A payer whose money some fees leave out."""
    return party_builders.payer(cast.mso, at=cast.at, name="MaineCare", edi_id="MEDME", kind=PayerKind.MEDICAID)
