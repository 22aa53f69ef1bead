"""The queue of denials: narrowed, sorted, paged and summed in the database, under row-level security (ADR 6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from openmso.denials.contracts import DENIAL, TO_WORK, Category, Cause, DenialRow, Owner
from openmso.denials.models import Denial
from openmso.denials.rules import mapping, worth
from openmso.denials.states import OPEN, S
from openmso.kit.ids import beginning
from openmso.kit.money import Money
from openmso.parties.queries import payers, providers
from openmso.patients import queries as patients
from openmso.platform.database import plans
from openmso.platform.tenancy.queries import tenants
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import COUNTED_MOST, Filters, Page, PageAsk, Tally
from openmso.platform.ui.narrowing import by_terms
from openmso.platform.work import queries as work

SORTS = {"value": "value_amount", "due_on": "due_on", "amount": "amount", "denied_on": "denied_on"}
SUMS = {"n": Count("pk"), "left": Sum("amount"), "worth": Sum("value_amount"), "came": Sum("recovered_amount")}
TOLD = {"amount": "left", "value": "worth", "recovered": "came"}
COMPARED = {"amount": "amount", "due": "due_on", "denied": "denied_on", "month": "denied_on", "value": "value_amount"}
EQUAL = {"category": "category", "cause": "cause", "owner": "owner", "reason": "reason", "code": "code"}
STILL_OPEN = "open"
"""The value of the filter by state that stands for all in which somebody may do something."""


def denials(*, filters: Filters, page: PageAsk, on: date) -> Page[DenialRow]:
    """A page of the denials in scope, what is worth most first unless sorted otherwise."""
    found, keys = filtered(filters), _order(page)
    if few := paging.summed_if_few(found, keys, page, SUMS, named=bool(filters.text)):
        return counting.told(rows_of(few[0], on=on), page, _told(few[1]))
    states = _states(filters)
    if page.sort in {"", "value"} and len(states) == 1:  # an index has the order behind the state
        bare = filtered(Filters(tuple(term for term in filters.terms if term.key != "is"), filters.text))
        with plans.walked():
            shown = paging.rows(bare, keys, page, along={"state": states})
        return counting.told(rows_of(shown, on=on), page, None)
    with plans.walked():
        return counting.told(rows_of(paging.rows(found, keys, page), on=on), page, None)


def _order(page: PageAsk) -> tuple[str, str]:
    column = SORTS.get(page.sort, "value_amount")
    descending = page.desc or not page.sort
    return (f"-{column}", "pk") if descending else (column, "pk")


def tally(*, filters: Filters) -> Tally:
    """How many denials the filters leave, and what they come to."""
    return _told(filtered(filters).aggregate(**SUMS))


def _told(sums: Mapping[str, Any]) -> Tally:
    return Tally(sums["n"], {column: Money.of(sums[name] or 0) for column, name in TOLD.items()})


def _states(filters: Filters) -> list[str]:
    """The states that the filters ask for, each by its own name."""
    asked = filters.many("is")
    wanted = {one for one in asked if one != STILL_OPEN} | (
        {one.value for one in OPEN} if STILL_OPEN in asked else set()
    )
    return sorted(wanted)


def filtered(filters: Filters) -> QuerySet[Denial]:
    """The denials that the filters leave."""
    found = Denial.objects.all()
    if states := _states(filters):
        found = found.filter(state__in=states)
    if codes := filters.many("practice"):
        wanted = {tenant.pk for tenant in tenants() if tenant.code.lower() in codes}
        found = found.filter(practice_id__in=wanted)
    if named := filters.many("payer"):
        found = found.filter(payer_id__in=payers.keys(named))
    if people := filters.many("clinician"):
        found = found.filter(
            clinician_id__in=[pk for pk, name in providers.every_name().items() if name.lower() in people]
        )
    for key, column in EQUAL.items():
        if values := filters.many(key):
            found = found.filter(
                **{f"{column}__in": [str(one).upper() if key in {"reason", "code"} else one for one in values]}
            )
    if first := filters.one("first"):
        found = found.filter(is_first=first == "yes")
    found = found.filter(by_terms(filters, COMPARED))
    return found.filter(_says(filters.text.strip())) if filters.text.strip() else found


def _says(text: str) -> Q:
    """Our number of the denial or the claim, the patient's name, the payer's code as `CO-197`, what it means."""
    says = Q(codes__contains=[text.upper()]) | Q(remarks__contains=[text.upper()]) | Q(words__icontains=text)
    if span := beginning("DNL", text):
        says |= Q(public_id__range=span)
    if span := beginning("CLM", text):
        says |= Q(claim_name__range=span)
    return says | Q(patient_id__in=patients.ids_named(text))


def clinician_choices() -> list[tuple[str, str]]:
    """The clinicians of the practices in scope, by the name that the filter takes."""
    return sorted({(name.lower(), name) for name in providers.every_name().values()})


def rows_of(found: Sequence[Denial], *, on: date) -> list[DenialRow]:
    """Rows as the queue shows them: a few questions for a page."""
    if not found:
        return []
    names = patients.names_of({row.patient_id for row in found})
    practices = {tenant.pk: tenant.name for tenant in tenants()}
    people = providers.names_of({row.clinician_id for row in found if row.clinician_id})
    assigned = work.assignees(DENIAL, [row.public_id for row in found], kind=TO_WORK)
    return [
        DenialRow(
            id=row.pk, public_id=row.public_id, practice=row.practice_id,
            practice_name=practices.get(row.practice_id, ""), claim=row.claim_name,
            patient=names.get(row.patient_id, ""), payer=row.payer_name,
            clinician=people.get(row.clinician_id or 0, ""), code=row.code, service_on=row.service_on,
            reason=mapping.Said(row.group, row.reason, tuple(row.remarks)).text, words=row.words,
            category=Category(row.category), owner=Owner(row.owner), cause=Cause(row.cause),
            action=mapping.action_words(row.action), state=S(row.state), denied_on=row.denied_on, due_on=row.due_on,
            charge=Money(row.charge_amount), amount=Money(row.amount), rate=row.win_rate, weight=row.weight,
            value=Money(row.value_amount),
            recovered=Money(row.recovered_amount), is_denial=row.is_denial, assignee=assigned.get(row.public_id, ""),
            why_next=_why(row, on),
        )
        for row in found
    ]  # fmt: skip


def _why(row: Denial, on: date) -> str:
    if S(row.state) not in OPEN:
        return ""
    return worth.why_next(amount=Money(row.amount), rate=row.win_rate, due_on=row.due_on, on=on)


def words_of_claims(claims: Collection[str]) -> dict[str, str]:
    """What waits about some claims: the denial that is worth most of each, in the words of its reason."""
    found = Denial.objects.filter(claim_name__in=list(claims), state__in=sorted(OPEN)).order_by("value_amount", "pk")
    return {name: words[:1].upper() + words[1:] for name, words in found.values_list("claim_name", "words")}


def ids(*, filters: Filters, public_ids: Sequence[str] = (), limit: int) -> list[str]:
    """The public ids that a selection names, at most so many, what is worth most first."""
    if public_ids:
        return list(public_ids[:limit])
    return list(filtered(filters).order_by("-value_amount", "pk").values_list("public_id", flat=True)[:limit])


def waiting_count() -> int:
    """How many denials in scope somebody has to work on, counted no further than the menu says."""
    return Denial.objects.filter(state=S.NEW).order_by().values("pk")[: COUNTED_MOST + 1].count()


def found(text: str, *, limit: int, on: date) -> list[DenialRow]:
    """Denials whose number begins like this."""
    span = beginning("DNL", text)
    return rows_of(list(Denial.objects.filter(public_id__range=span)[:limit]), on=on) if span else []
