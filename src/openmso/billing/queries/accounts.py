"""The accounts of patients: the list, and one with all that stands on it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from openmso.billing.contracts import AccountPage, AccountRow, OwedLine, SettledPart
from openmso.billing.models import Account, Payment, Settlement
from openmso.billing.queries import consents, online, owing, payments, plans, refunds, statements, sweeps
from openmso.billing.queries.narrowing import narrow
from openmso.billing.states import Hold, Why
from openmso.claims.queries import patients as claims
from openmso.kit.money import ZERO, Money
from openmso.patients import queries as patients
from openmso.platform.tenancy.queries import tenants
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Tally

SORTS = {"owed": "owed_amount", "unapplied": "unapplied_amount", "oldest_on": "oldest_on"}
SUMS = {"n": Count("pk"), "due": Sum("owed_amount"), "ahead": Sum("unapplied_amount")}
COMPARED = {"owed": "owed_amount", "unapplied": "unapplied_amount", "oldest": "oldest_on"}


def listing(*, filters: Filters, page: PageAsk) -> Page[AccountRow]:
    """A page of the accounts in scope, who owes most first unless sorted otherwise."""
    found = filtered(filters)
    column = SORTS.get(page.sort, "owed_amount")
    keys = (f"-{column}" if page.desc or not page.sort else column, "pk")
    shown = paging.rows(found, keys, page)
    return counting.page_of(rows_of(shown), found, page, lambda: tally(filters=filters))


def tally(*, filters: Filters) -> Tally:
    """How many accounts the filters leave, and what they come to."""
    sums = filtered(filters).aggregate(**SUMS)
    return Tally(sums["n"], {"owed": Money.of(sums["due"] or 0), "unapplied": Money.of(sums["ahead"] or 0)})


def filtered(filters: Filters) -> QuerySet[Account]:
    """The accounts that the filters leave; the text is a patient's name, record number or telephone."""
    found = Account.objects.all()
    if states := filters.many("is"):
        asked = Q()
        for one in states:
            asked |= {"owes": Q(owed_amount__gt=0), "ahead": Q(unapplied_amount__gt=0), "held": Q(hold__gt="")}[one]
        found = found.filter(asked)
    return narrow(found, filters, chosen={}, compared=COMPARED)


def rows_of(found: Sequence[Account]) -> list[AccountRow]:
    """Rows as the list shows them: a few questions for a page."""
    people = patients.by_ids({row.patient_id for row in found})
    practices = {one.pk: one.name for one in tenants()}
    return [
        AccountRow(
            row.patient_id, people[row.patient_id].public_id, row.practice_id, practices.get(row.practice_id, ""),
            people[row.patient_id].name, people[row.patient_id].mrn, Money.of(row.owed_amount),
            Money.of(row.unapplied_amount), row.oldest_on, Hold(row.hold) if row.hold else None, row.hold_why,
            row.hold_until, row.statements, row.last_statement_on,
        )
        for row in found
    ]  # fmt: skip


def owed_by(people: Collection[int]) -> dict[int, Money]:
    """What patients owe, those who owe anything, as the list of accounts has it."""
    rows = Account.objects.filter(patient_id__in=people, owed_amount__gt=0)
    return {patient: Money.of(amount) for patient, amount in rows.values_list("patient_id", "owed_amount")}


def account(patient: str) -> AccountPage:
    """A patient's account as claims, payments and settlements say it now; raises `NotFound`."""
    who = patients.get(patient)
    mine: Mapping[str, Any] = {"practice_id": who.practice, "patient_id": who.id}
    lines = owing.lines(practice=who.practice, patients=[who.id]).get(who.id, [])
    paid = payments.rows_of(list(Payment.objects.filter(**mine).order_by("-pk")))
    due = [one for one in lines if one.owed > ZERO]
    kept = Account.objects.filter(**mine).first() or Account(**mine)
    kept.owed_amount = owing.total(lines).amount
    kept.unapplied_amount = Money.total(one.left for one in paid).amount
    kept.oldest_on = min((one.service_on for one in due), default=None)
    (row,) = rows_of([kept])
    settled = parts_of(Settlement.objects.filter(**mine).order_by("-pk"))
    told = statements.of_patient(practice=who.practice, patient=who.id)
    texts = consents.of_patient(practice=who.practice, patient=who.id)
    card = online.card_of(practice=who.practice, patient=who.id)
    agreed = plans.of_patient(practice=who.practice, patient=who.id)
    sent = sweeps.of_account(practice=who.practice, patient=who.id)
    back = refunds.of_patient(practice=who.practice, patient=who.id)
    return AccountPage(
        row,
        tuple(lines),
        tuple(paid),
        tuple(settled),
        tuple(told),
        tuple(agreed),
        tuple(back),
        card,
        texts,
        tuple(sent),
    )


def of_claim(claim: str) -> tuple[str, list[OwedLine], list[SettledPart]]:
    """Whose claim it is, the patient's part line by line, and what settled it; raises `NotFound`."""
    practice, patient = claims.whose(claim)
    lines = owing.lines(practice=practice, patients=[patient]).get(patient, [])
    rows = Settlement.objects.filter(practice_id=practice, claim_name=claim, patient_id=patient).order_by("-pk")
    name = patients.by_ids([patient])[patient].public_id
    return name, [one for one in lines if one.claim == claim], parts_of(rows)


def of_payment(payment: int) -> list[SettledPart]:
    """What a payment settled, the latest first."""
    return parts_of(Settlement.objects.filter(payment_id=payment).order_by("-pk"))


def parts_of(rows: QuerySet[Settlement] | Collection[Settlement]) -> list[SettledPart]:
    """Settlements as they leave the app."""
    found = list(rows)
    names = dict(Payment.objects.filter(pk__in={row.payment_id for row in found if row.payment_id}).values_list(
        "pk", "public_id"))  # fmt: skip
    return [
        SettledPart(
            row.act, Why(row.why), names.get(row.payment_id or 0, ""), row.claim_name, row.line, Money.of(row.amount),
            row.on, row.at, row.by, row.entry, row.note,
        )
        for row in found
    ]  # fmt: skip
