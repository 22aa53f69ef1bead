"""What figures count besides claims: visits, payers' answers, lines, write-offs, patients' payments, fees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from openmso.analytics.rules.measures import PRIMARY, ZERO, Key
from openmso.claims.contracts import ClaimMeasure
from openmso.remittances.contracts import PaymentMeasure
from openmso.scheduling.contracts import VisitStatus

DAYS_VERIFIED = 30
"""A coverage that a payer called active so many days before a visit counts as verified."""
FIRST_PAYER = (0, 1)
"""Ranks of a payer in an answer to a primary claim: not said, primary."""


class Of(StrEnum):
    """A kind of occurrence, and what is counted as a hit of it."""

    VISIT = "visits"
    """Visits that were not cancelled; a hit is a no-show."""
    INSURED = "insured"
    """Visits that took place of patients with coverage on the day; a hit was verified."""
    PERMIT = "permits"
    """Claims for which a payer asks an authorization or referral; a hit bears it."""
    ANSWER = "answers"
    """Payers' answers to primary claims, and what they paid; a hit paid nothing."""
    DENIED_OFF = "denied_off"
    """Denials that were written off, and how much."""
    PAID_LINE = "paid_lines"
    """Claims some of whose lines were paid on a day, and how many."""
    SHORT = "short"
    """Lines paid below their contract, and by how much."""
    CASH = "cash"
    """Payments of patients; a hit came on the day of a visit."""
    BAD_DEBT = "bad_debt"
    """What patients owe that was given up as bad debt; what came back all the same takes it off."""
    FEE = "fees"
    """Fees of settled months."""
    REWORK = "rework"
    """Denials that people worked, how often they touched what waited about them, and what that cost; each is a hit."""


PARTS = ("count", "hits", "amount", "hit_amount")
NAMES = tuple(f"{kind.value}.{part}" for kind in Of for part in PARTS)
"""The measures that occurrences give, as figures name them: `visits.hits`, `cash.hit_amount`."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One of a kind, on a day: of whom, where it is told (a public id), how many it stands for, and dollars."""

    of: Of
    on: date
    key: Key
    source: str
    count: int = 1
    hits: int = 0
    amount: Decimal = ZERO


Visit = tuple[str, int, int | None, date, VisitStatus]
"""Public id, patient, clinician, day, status."""
Cover = tuple[int, date, date | None]
"""Payer, first day, the first day after."""


def of_visits(
    visits: Iterable[Visit], covers: Mapping[int, Collection[Cover]], active: Iterable[tuple[int, date, date]]
) -> Iterable[Occurrence]:
    """Visits, and those of insured patients. `active` is patient, day asked about, day of the answer."""
    known: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for patient, asked_for, answered_on in active:
        known[patient].append((asked_for, answered_on))
    for name, patient, clinician, on, status in visits:
        payer = next((payer for payer, first, end in covers.get(patient, ()) if holds(on, first, end)), None)
        key = Key(payer, clinician)
        yield Occurrence(Of.VISIT, on, key, name, hits=int(status is VisitStatus.NO_SHOW))
        if status is VisitStatus.DONE and payer is not None:
            since = on - timedelta(days=DAYS_VERIFIED)
            verified = any(since <= asked <= on and answered <= on for asked, answered in known[patient])
            yield Occurrence(Of.INSURED, on, key, name, hits=int(verified))


def holds(on: date, first: date, end: date | None) -> bool:
    """Whether a coverage is in force on a day."""
    return first <= on and (end is None or on < end)


def of_payments(claim: ClaimMeasure, payments: Iterable[PaymentMeasure]) -> Iterable[Occurrence]:
    """The answers of first payers to a primary claim; reversals and duplicates are none (HFMA)."""
    if claim.ordinal != PRIMARY:
        return
    key = Key(claim.first_payer, claim.clinician)
    for one in payments:
        if not one.is_duplicate and one.rank in FIRST_PAYER:
            counts = int(not one.is_reversal)
            zero = int(bool(counts) and one.paid == 0)
            yield Occurrence(Of.ANSWER, one.applied_on, key, claim.public_id, counts, zero, one.paid)


def of_cash(payments: Iterable[tuple[str, int, date, Decimal]], visits: Iterable[Visit]) -> Iterable[Occurrence]:
    """Payments of patients; a hit came on the day on which the patient had a visit."""
    days = {(patient, on): clinician for _, patient, clinician, on, _ in visits}
    for name, patient, on, amount in payments:
        at_visit = (patient, on) in days
        key = Key(None, days.get((patient, on)))
        yield Occurrence(Of.CASH, on, key, name, hits=int(at_visit), amount=amount)


@dataclass(slots=True)
class OccurrenceSum:
    """Occurrences of a kind, month, payer and clinician added up."""

    count: int = 0
    hits: int = 0
    amount: Decimal = ZERO
    hit_amount: Decimal = ZERO


SumKey = tuple[Of, date, Key]
"""Kind, the month's first day, of whom."""


def sums(occurrences: Iterable[Occurrence]) -> dict[SumKey, OccurrenceSum]:
    """Months of occurrences added up."""
    found: dict[SumKey, OccurrenceSum] = defaultdict(OccurrenceSum)
    for one in occurrences:
        into = found[one.of, one.on.replace(day=1), one.key]
        into.count += one.count
        into.hits += one.hits
        into.amount += one.amount
        into.hit_amount += one.amount if one.hits else ZERO
    return dict(found)
