"""Questions about papers that are typed: lists, one paper with its claims, what is left to type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Sum

from openmso.claims.contracts import ClaimKey
from openmso.claims.queries import stories
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.parties.queries import payers, providers
from openmso.patients import queries as patients
from openmso.platform.tenancy.queries import tenants
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.remittances.contracts import EobState, TypedRow
from openmso.remittances.models.eobs import Eob, EobClaim
from openmso.remittances.queries import mirrors
from openmso.remittances.rules import eobs
from openmso.remittances.rules.eobs import Paper, TypedClaim


@dataclass(frozen=True, slots=True)
class EobView:
    """A paper with everything typed; `left` of its amount is on no claim yet, `wrong` keeps it from being posted.

    `lacks` says what an 835 has to say and nobody entered; it is posted without.
    """

    public_id: str
    practice: int
    practice_name: str
    payer: str
    payer_page: str
    """Public id of the payer."""
    method: str
    trace: str
    paid_on: date
    amount: Money
    left: Money
    state: EobState
    wrong: tuple[str, ...]
    lacks: tuple[str, ...]
    paper: Paper
    file: str
    scan: str
    opened_at: datetime
    opened_by: str
    decided_at: datetime | None
    decided_by: str
    why: str


def eob(public_id: str) -> EobView:
    """A paper with everything that was typed; raises `NotFound`."""
    row = one(public_id)
    paper, payer = paper_of(row), payers.payer(row.payer_id)
    lacks = () if payer.address else eobs.LACKS_ADDRESS
    return EobView(
        row.public_id, row.practice_id, _names()[row.practice_id], payer.name, payer.public_id, row.method,
        row.trace, row.paid_on, Money(row.amount), Money(paper.left), EobState(row.state), tuple(eobs.wrong(paper)),
        lacks, paper, row.file, row.scan, row.opened_at, row.opened_by, row.decided_at, row.decided_by, row.why,
    )  # fmt: skip


def eobs_listed(*, filters: Filters, page: PageAsk) -> Page[TypedRow]:
    """Papers, those opened last first unless asked otherwise."""
    found = Eob.objects.all()
    if states := filters.many("is"):
        found = found.filter(state__in=states)
    if filters.text:
        found = found.filter(trace__icontains=filters.text.strip())
    order = {"paid_on": "paid_on", "amount": "amount"}.get(page.sort, "opened_at")
    ordered = found.order_by(order if page.sort and not page.desc else f"-{order}", "-pk")
    rows = list(ordered[page.offset : page.offset + page.size])
    counts = dict(
        EobClaim.objects.filter(eob_id__in=[row.pk for row in rows]).order_by().values("eob_id")
        .annotate(n=Count("pk")).values_list("eob_id", "n")
    )  # fmt: skip
    names, paying = _names(), payers.names()
    listed = [
        TypedRow(row.public_id, row.practice_id, names.get(row.practice_id, ""), paying.get(row.payer_id, ""),
                 row.trace, row.paid_on, Money(row.amount), counts.get(row.pk, 0), EobState(row.state), row.opened_at,
                 row.opened_by)
        for row in rows
    ]  # fmt: skip
    sums = found.aggregate(n=Count("pk"), amount=Sum("amount"))
    return Page(listed, sums["n"], page, {"amount": Money.of(sums["amount"] or 0)})


def one(public_id: str) -> Eob:
    """The row of a paper; raises `NotFound`."""
    row = Eob.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no paper {public_id}.")
    return row


def paper_of(row: Eob) -> Paper:
    """A paper as it was typed so far."""
    typed = list(EobClaim.objects.filter(eob=row).order_by("position"))
    keys = stories.keys_by_id([one.claim_id for one in typed])
    people = patients.by_ids([key.patient_id for key in keys.values()])
    claims = []
    for one in typed:
        key = keys[one.claim_id]
        patient = people[key.patient_id]
        claims.append(claim_of(key, (patient.person.last_name, patient.person.first_name), one))
    return Paper(
        row.method, row.trace, row.paid_on, row.amount, tuple(claims), eobs.triples(row.provider),
        tuple(mirrors.taken_back(
            practice=row.practice_id, payments=row.taken_back, trace=row.trace, paid_on=row.paid_on
        )),
    )  # fmt: skip


def claim_of(key: ClaimKey, patient: tuple[str, str], row: EobClaim | None) -> TypedClaim:
    """A claim with what was typed of it, or with nothing yet."""
    kept = {line["number"]: line for line in row.lines} if row else {}
    lines = tuple(eobs.typed(kept.get(line.number, {}), line) for line in key.lines)
    return TypedClaim(key.public_id, key.control, patient, row.status if row else "1",
                      row.payer_control if row else "", lines)  # fmt: skip


def to_type(public_id: str, claim: str) -> TypedClaim:
    """A claim of the paper's practice, with what was typed of it so far; raises `NotFound`."""
    row = one(public_id)
    found = stories.find(claim)
    if found is None or found.practice != row.practice_id:
        raise NotFound(f"The practice of this paper has no claim {claim}.", field="claim")
    key = stories.keys_by_id([found.id])[found.id]
    patient = patients.by_ids([key.patient_id])[key.patient_id]
    typed = EobClaim.objects.filter(eob=row, claim_id=found.id).first()
    return claim_of(key, (patient.person.last_name, patient.person.first_name), typed)


def to_take_back(public_id: str, number: str) -> list[str]:
    """The payments of a paper's payer that still stand, by the number of a payment or of a claim."""
    row = one(public_id)
    return mirrors.payments_to_take_back(practice=row.practice_id, payer=row.payer_id, number=number)


def billers_of(practices: frozenset[int], *, on: date) -> list[tuple[str, str]]:
    """Who may be paid: the billing providers of some practices, by public id."""
    names = _names()
    found = sorted(providers.billers(*practices, on=on), key=lambda one: one.practice)
    return [(one.public_id, f"{one.name}, {names.get(one.practice, '')}") for one in found]


def _names() -> dict[int, str]:
    return {one.pk: one.name for one in tenants()}
