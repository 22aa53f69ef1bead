"""A small billing office for the stories: a practice with open books, a bank account, and claims that were sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from openmso.charges import testing as charges
from openmso.charges.contracts import ChargeDraft
from openmso.charges.models import Charge
from openmso.claims.models.claims import Claim, ClaimLine
from openmso.claims.states import S
from openmso.kit.ids import public_id
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Accounts, Basis, EntryDraft, Journal, Method, Source, credit, debit
from openmso.ledger.queries import statements
from openmso.ledger.services import books, posting
from openmso.parties import contracts as parties
from openmso.parties import testing as party_builders
from openmso.parties.contracts import AccountUse
from openmso.parties.services import practices
from openmso.parties.testing import House
from openmso.patients import testing as patients
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic, scope
from openmso.remittances import testing
from openmso.remittances.contracts import FileOutcome
from openmso.remittances.services import posting as remittances
from openmso.remittances.services import receiving
from openmso.scheduling import testing as scheduling
from openmso.scheduling.models import Visit

AT = datetime(2026, 3, 12, 15, 0, tzinfo=UTC)
SERVED = date(2026, 3, 2)
MARCH = Month(2026, 3)


@dataclass(slots=True)
class Office:
    """One practice at work; every act opens the scope it needs, as an edge does."""

    house: House
    payer: parties.Payer
    account: parties.BankAccount
    at: datetime = AT
    serial: int = field(default=0)

    @property
    def actor(self) -> Actor:
        return Actor.system("posting in a test", at=self.at)

    @property
    def practice(self) -> int:
        return self.house.id

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Work within the practice and its books, and the mailroom."""
        with scope(practices=[self.practice, tenancy.mso()], entities=[self.house.entity.id]):
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self.scope(), atomic.open():
            yield

    def sent(self, *lines: tuple[str, str] | tuple[str, str, Sequence[str]], control: str = "") -> Claim:
        """A claim as sent to the payer, its revenue in the books: lines of code, charge and modifiers."""
        with self.scope(), atomic.open():
            patient = patients.patient(practice=self.practice, at=self.at)
            visit = scheduling.visit(self.house, patient_id=patient.id, service_on=SERVED, at=self.at)
            drafts = [
                ChargeDraft(code, SERVED, tuple(rest[0]) if rest else (), amount=Money.of(amount))
                for code, amount, *rest in lines
            ]
            captured = charges.charged(visit, at=self.at, lines=drafts)
            total = sum((Decimal(amount) for _, amount, *_ in lines), Decimal(0))
            name = public_id("CLM")
            claim = Claim.objects.create(
                practice_id=self.practice, public_id=name, control=control or name, patient_id=patient.id,
                visit_id=visit.id, payer_id=self.payer.id, billing_provider_id=self.house.biller.id, state=S.SENT,
                state_at=self.at, built_at=self.at, sent_at=self.at, first_sent_on=tenancy.today(self.practice, self.at),
                service_on=SERVED, place_of_service="11", total_amount=total,
            )  # fmt: skip
            ClaimLine.objects.bulk_create(
                ClaimLine(
                    practice_id=self.practice, claim=claim, charge_id=charge.id, number=number, service_on=SERVED,
                    line_control=f"{claim.control}-{number:02}", code=code, units=1, amount=Decimal(amount),
                    modifiers=list(rest[0]) if rest else [],
                )
                for number, ((code, amount, *rest), charge) in enumerate(zip(lines, captured, strict=True), start=1)
            )  # fmt: skip
            self._earn(claim, total)
        return claim

    def sent_many(self, count: int, *lines: tuple[str, str]) -> list[str]:
        """So many alike claims as sent, set-at-a-time; returns their control numbers."""
        total = sum((Decimal(amount) for _, amount in lines), Decimal(0))
        with self.scope(), atomic.open():
            sent_on = tenancy.today(self.practice, self.at)
            patient = patients.patient(practice=self.practice, at=self.at)
            mine = {"practice_id": self.practice, "patient_id": patient.id}
            visits = Visit.objects.bulk_create(
                [Visit(**mine, service_on=SERVED, place_of_service="11", status="done", source="bulk", source_id=str(n))
                 for n in range(self.serial * 1_000_000, self.serial * 1_000_000 + count)], batch_size=5000,
            )  # fmt: skip
            claims = Claim.objects.bulk_create(
                [Claim(**mine, public_id=(name := public_id("CLM")), control=name, visit=visit, payer_id=self.payer.id,
                       billing_provider_id=self.house.biller.id, state=S.SENT, state_at=self.at, built_at=self.at,
                       sent_at=self.at, first_sent_on=sent_on, service_on=SERVED, place_of_service="11",
                       total_amount=total)
                 for visit in visits], batch_size=5000,
            )  # fmt: skip
            rows = [(claim, visit, number, code, Decimal(amount))
                    for claim, visit in zip(claims, visits, strict=True)
                    for number, (code, amount) in enumerate(lines, start=1)]  # fmt: skip
            captured = Charge.objects.bulk_create(
                [Charge(**mine, visit=visit, number=number, code=code, units=1, service_on=SERVED, amount=amount,
                        is_priced=True, state_at=self.at)
                 for _, visit, number, code, amount in rows], batch_size=5000,
            )  # fmt: skip
            ClaimLine.objects.bulk_create(
                [ClaimLine(practice_id=self.practice, claim=claim, charge=charge, number=number, service_on=SERVED,
                           line_control=f"{claim.control}-{number:02}", code=code, units=1, amount=amount)
                 for (claim, _, number, code, amount), charge in zip(rows, captured, strict=True)], batch_size=5000,
            )  # fmt: skip
            self._earn(claims[0], total * count)
        self.serial += 1
        return [claim.control for claim in claims]

    def _earn(self, claim: Claim, total: Decimal) -> None:
        of: dict[str, Any] = {
            "basis": Basis.ACCRUAL, "source": Source("claims.claim", claim.public_id), "party": str(self.payer.id),
        }  # fmt: skip
        draft = EntryDraft(
            self.house.entity.id, SERVED, f"Charges of {claim.public_id}",
            (debit(Accounts.AR_INSURANCE, Money(total), **of), credit(Accounts.PATIENT_REVENUE, Money(total), **of)),
            key=f"claims.claim:{claim.public_id}", journal=Journal.CHARGES,
        )  # fmt: skip
        posting.post(actor=self.actor, entries=[draft], at=self.at)

    def take(self, content: bytes, name: str = "era.835") -> str:
        """Receive a file; returns its public id."""
        with self.scope():
            receipt = receiving.receive(
                actor=self.actor, practice=self.practice, name=name, content=content, at=self.at, defer=False
            )
        return receipt.files[0].file

    def post(self, content: bytes, name: str = "era.835") -> FileOutcome:
        """Receive and post a file."""
        file = self.take(content, name)
        with self.scope():
            return remittances.post_file(actor=self.actor, practice=self.practice, file=file, at=self.at)

    def pay(self, *claims: testing.ClaimPayment, number: int = 1, **terms: object) -> FileOutcome:
        """Post one remittance that pays these claims; each has a trace of its own unless told."""
        self.serial += 1
        terms.setdefault("trace", f"EFT-{self.serial}")
        terms.setdefault("payer", self.payer.edi_id)
        one = testing.remittance(*claims, payee=self.house.biller, **terms)  # type: ignore[arg-type]
        return self.post(testing.file_of(one, number=number + self.serial), name=f"era-{self.serial}.835")

    def claim(self, public_id: str) -> Claim:
        with self.reading():
            return Claim.objects.get(public_id=public_id)

    def balances(self, method: Method = Method.ACCRUAL) -> dict[str, Decimal]:
        """The balance of each account in use: debits less credits, whichever side it stands on."""
        with self.reading():
            trial = statements.trial_balance(
                entity=self.house.entity.id, method=method, starts_on=MARCH.first, through=date(2026, 4, 30)
            )
        return {row.account.code: row.closing.amount for row in trial.rows if row.closing}


def open_office(
    *, at: datetime = AT, code: str = "ROCK", name: str = "Rockland Family Practice", payer: parties.Payer | None = None
) -> Office:
    """A new practice at work."""
    house = party_builders.practice(at=at, code=code, name=name)
    return office_of(house, payer or party_builders.payer(party_builders.mso(at=at), at=at), at=at)


def office_of(house: House, payer: parties.Payer, *, at: datetime = AT) -> Office:
    """A practice with books on both bases and a deposit account."""
    actor = Actor.system("opening an office", at=at)
    with scope(practices=[house.id], entities=[house.entity.id]):
        account = practices.open_account(
            actor=actor, practice=house.id, entity=house.entity.id, name="Deposits", bank_name="Harbor Bank",
            routing="211274450", account_number="000123456789", use=AccountUse.DEPOSIT,
            opened_on=date(2020, 1, 1), at=at,
        )  # fmt: skip
        books.open_books(
            actor=actor, entity=house.entity.id, name=house.practice.name, method=Method.ACCRUAL, opens=MARCH, at=at
        )
    return Office(house, payer, account, at)
