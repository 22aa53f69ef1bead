"""The till in the stories: a practice whose months are posted as plain entries, its accounts, and who signs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from openmso.agreements import testing as agreements
from openmso.agreements.fees.reading import Node
from openmso.agreements.fees.waterfall import priority_of
from openmso.agreements.services import law
from openmso.agreements.testing import Cast
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import BANK_ACCOUNT, Accounts, Basis, EntryDraft, Method, Selection, Source, credit, debit
from openmso.ledger.queries import selection
from openmso.ledger.services import books, periods, posting
from openmso.parties import contracts as parties
from openmso.parties import testing as party_builders
from openmso.parties.contracts import AccountUse, PayerKind
from openmso.parties.queries import practices
from openmso.parties.services import practices as keeping
from openmso.parties.testing import House
from openmso.platform.access.contracts import Actor
from openmso.platform.identity.models import User
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading, scope
from openmso.settlement import services as settlement
from openmso.treasury.contracts import Run
from openmso.treasury.services import running

MARCH, APRIL, MAY = Month(2026, 3), Month(2026, 4), Month(2026, 5)
AFTER_MARCH = datetime(2026, 4, 6, 15, tzinfo=UTC)
AFTER_APRIL = datetime(2026, 5, 5, 15, tzinfo=UTC)
AFTER_MAY = datetime(2026, 6, 4, 15, tzinfo=UTC)
PRIORITY: dict[str, Any] = {"interest": "6%", "reserve": "5000.00", "clause": "Section 5.2"}
SAID = {"baa.downstream": "yes", "sweep.offset_waived": "yes", "sweep.receivables_sold": "no"}
"""What the rules of law ask of payments, and of what leaves an account for government payers."""
FLAT = {"period": "month", "components": [{"kind": "flat", "amount": "60000.00", "per": "month"}]}


@dataclass(slots=True)
class Till:
    """A practice and the MSO with their books and accounts; Elena prepares, Ana signs, Marc sees files twice."""

    cast: Cast
    house: House
    elena: User
    marc: User
    mso_entity: int
    payers: dict[str, parties.Payer]
    accounts: dict[AccountUse, str]
    mso_account: str
    serial: int = 0

    @contextmanager
    def scope(self) -> Iterator[None]:
        reach = tenancy.reach(self.cast.mso.id, self.house.id)
        with scope(practices=reach.practices, entities=reach.entities):
            yield

    def controller(self, at: datetime) -> Actor:
        return self.cast.actor(self.elena, at=at, fresh=True)

    def accountant(self, at: datetime) -> Actor:
        return self.cast.actor(self.marc, at=at, fresh=True)

    def owner(self, at: datetime) -> Actor:
        return self.cast.actor(self.cast.ana, at=at, fresh=True)

    def booked(self, on: date, amount: str, to: str, frm: str, *, kind: str = "", party: str = "") -> None:
        """An entry of the practice: money in or out, as remittances, refunds and people post it."""
        self.serial += 1
        source = Source(kind, f"SRC-{self.serial}") if kind else None
        lines = (debit(to, Money.of(amount), source=source, party=party),
                 credit(frm, Money.of(amount), source=source, party=party))  # fmt: skip
        entry = EntryDraft(self.house.entity.id, on, "As it happened", lines, f"till:{self.serial}", source)
        with self.scope():
            posting.post(actor=party_builders.builder(AFTER_MARCH), entries=[entry], at=AFTER_MARCH)

    def month(self, month: Month, *, collected: str, refunds: str, expenses: str, physicians: str,
              government: str = "") -> None:  # fmt: skip
        """A month of the practice's cash; what has a minus went the other way."""
        on = month.first
        for amount, payer in ((collected, "commercial"), (government, "medicare")):
            if amount:
                back = (Accounts.PATIENT_REVENUE, Accounts.CASH_CLEARING)[:: -1 if amount[0] != "-" else 1]
                self.booked(on, amount.lstrip("-"), *back, kind="remittances.payment",
                            party=f"payer:{self.payers[payer].edi_id}")  # fmt: skip
        gone = (Accounts.PATIENT_CREDITS, Accounts.OPERATING_CASH)[:: -1 if refunds[0] == "-" else 1]
        self.booked(on, refunds.lstrip("-"), *gone, kind="billing.refund")
        self.booked(on, expenses, Accounts.RENT, Accounts.OPERATING_CASH)
        self.booked(on, physicians, Accounts.PHYSICIAN_PAY, Accounts.OPERATING_CASH)

    def settled(self, month: Month, at: datetime) -> str:
        """The fee of a month, invoiced and approved."""
        with self.scope():
            one = settlement.settle(actor=self.controller(at), practice=self.house.id, month=month, at=at)
            settlement.approve(actor=self.owner(at), settlement=one.public_id, at=at)
        return one.public_id

    def proposed(self, month: Month, at: datetime) -> Run:
        with self.scope():
            return running.propose(actor=self.controller(at), practice=self.house.id, month=month, at=at)

    def posted(self, month: Month, at: datetime) -> Run:
        """A month proposed, approved and posted."""
        run = self.proposed(month, at).public_id
        with self.scope():
            running.approve(actor=self.owner(at), run=run, at=at)
            return running.post(actor=self.controller(at), run=run, at=at)

    def short(self) -> Run:
        """The first month of the worked example, posted."""
        self.month(MARCH, collected="480000.00", refunds="6000.00", expenses="260000.00", physicians="215000.00")
        self.settled(MARCH, AFTER_MARCH)
        return self.posted(MARCH, AFTER_MARCH)

    def good(self) -> Run:
        """The second month, posted."""
        self.month(APRIL, collected="610000.00", refunds="4500.00", expenses="262000.00", physicians="215000.00")
        self.settled(APRIL, AFTER_APRIL)
        return self.posted(APRIL, AFTER_APRIL)

    def balance(self, entity: int, account: str, method: Method = Method.ACCRUAL) -> str:
        """Debits less credits of an account by a method of accounting."""
        with self.scope(), reading():
            bases = (Basis.COMMON, Basis(method.value))
            return str(selection.total(Selection(entity, (account,), bases, date(2027, 1, 1))).net)

    def within(self, account: str) -> str:
        """What the practice's book says that sweeps moved into a bank account, less what they moved out of it."""
        with self.scope(), reading():
            asked = Selection(self.house.entity.id, (Accounts.OPERATING_CASH,), (Basis.COMMON,), date(2027, 1, 1),
                              parties=(f"{BANK_ACCOUNT}{account}",))  # fmt: skip
            return str(selection.total(asked).net)

    def loan(self, method: Method = Method.ACCRUAL) -> tuple[str, str]:
        """The loan in the practice's book and in the MSO's."""
        ours = self.balance(self.house.entity.id, Accounts.DEFICIT_LOAN, method)
        return ours.removeprefix("-"), self.balance(self.mso_entity, Accounts.DEFICIT_LOANS, method)


def till_of(cast: Cast) -> Till:
    """Pine Clinic's till under the terms of the worked example; Ana owns it, its books run from March to May."""
    house = party_builders.practice(at=cast.at, code="PINE", name="Pine Clinic")
    terms = priority_of(Node(PRIORITY, ""))
    agreements.executed(cast.mso, house, at=cast.at, fee=FLAT, payments=terms)
    with scope(practices=[cast.mso.id]), reading():
        mso_entity = practices.entities(cast.mso.id, on=cast.at.date())[0].id
    people = {}
    for email, name, role, tenants in (
        ("elena@harborridge.example", "Elena Vass", "controller", (cast.mso.id, house.id)),
        ("marc@harborridge.example", "Marc Oyelaran", "controller", (cast.mso.id, house.id)),
        (cast.ana.email, cast.ana.name, "practice_owner", (house.id,)),
    ):
        for tenant in tenants:
            people[email] = agreements.person(email, name, practice=tenant, role=role, at=cast.at)
    made = Till(
        cast, house, people["elena@harborridge.example"], people["marc@harborridge.example"], mso_entity,
        {"commercial": cast.payer, "medicare": party_builders.payer(
            cast.mso, at=cast.at, name="Medicare of Maine", edi_id="MEDCR", kind=PayerKind.MEDICARE)},
        {}, "",
    )  # fmt: skip
    _open(made)
    return made


def _open(made: Till) -> None:
    actor, at = party_builders.builder(made.cast.at), made.cast.at
    with made.scope():
        law.say(actor=actor, practice=made.house.id, facts=SAID, why="Their contracts, the bank's letter", at=at)
        for number, use in enumerate((AccountUse.DEPOSIT, AccountUse.OPERATING, AccountUse.RESERVE)):
            made.accounts[use] = _account(made.house.id, made.house.entity.id, use, f"00012345{number}", at)
        made.mso_account = _account(made.cast.mso.id, made.mso_entity, AccountUse.OPERATING, "9870001", at)
        for entity, chart, name in ((made.house.entity.id, "practice", "Pine"), (made.mso_entity, "mso", "Harbor")):
            books.open_books(actor=actor, entity=entity, name=name, method=Method.ACCRUAL, opens=MARCH, at=at,
                             chart=chart)  # fmt: skip
            for month in (APRIL, MAY, MAY.plus(1)):
                periods.open_next(actor=actor, entity=entity, month=month, at=at)


def _account(practice: int, entity: int, use: AccountUse, number: str, at: datetime) -> str:
    return keeping.open_account(
        actor=party_builders.builder(at), practice=practice, entity=entity, name=use.label, bank_name="Harbor Bank",
        routing="211274450", account_number=number, use=use, opened_on=date(2020, 1, 1), at=at,
    ).public_id  # fmt: skip


def government(till: Till) -> str:
    """The practice's account for government payers."""
    with till.scope():
        return _account(till.house.id, till.house.entity.id, AccountUse.DEPOSIT_GOVERNMENT, "55500011", till.cast.at)
