"""Questions about the list of exclusions: which was loaded last, what stands on it, and who of ours is named on it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db.models import F, Q

from openmso.compliance.contracts import Exclusion, ExclusionListRow, Match, Word
from openmso.compliance.models.exclusions import Excluded, ExclusionList, ExclusionWord
from openmso.compliance.models.runs import PaymentLine
from openmso.compliance.queries import register, runs
from openmso.compliance.rules.recognising import normalised
from openmso.compliance.rules.screening import Screen
from openmso.compliance.states import Reason
from openmso.kit.clock import day_in
from openmso.kit.errors import NotFound
from openmso.parties.queries import practices, providers
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui.contracts import Filters, Page, PageAsk

_ORDERS = {"name": "key", "excluded_on": "excluded_on", "state": "state", "kind": "kind"}
_LOOKED_AT = [Reason.EXCLUDED.value, Reason.MAYBE_EXCLUDED.value]
_COLUMNS = (
    "line", "name", "key", "npi", "city", "state", "kind", "excluded_on", "reinstated_on", "waived_on", "waiver_state",
)  # fmt: skip


def lists() -> list[ExclusionListRow]:
    """The lists that were loaded, the latest first."""
    return [list_row(one) for one in ExclusionList.objects.order_by("-as_of", "-pk")]


def latest() -> ExclusionListRow | None:
    """The list that payments are screened by; none before the first was loaded."""
    return next(iter(lists()), None)


def listing(*, filters: Filters, page: PageAsk) -> Page[Exclusion]:
    """The rows of the list that was loaded last."""
    rows = Excluded.objects.all()
    for word in normalised(filters.text).split():
        rows = rows.filter(Q(key__icontains=word) | Q(npi=word))
    if states := filters.many("state"):
        rows = rows.filter(state__in=[one.upper() for one in states])
    order = F(_ORDERS.get(page.sort, "key"))
    rows = rows.order_by(order.desc() if page.desc else order.asc(), "pk")
    shown = rows[page.offset : page.offset + page.size].values_list(*_COLUMNS)
    return Page([Exclusion(*one) for one in shown], rows.count(), page)


def states() -> list[tuple[str, str]]:
    """The states that stand on the list, as a filter names them."""
    found = Excluded.objects.exclude(state="").order_by("state").values_list("state", flat=True).distinct()
    return [(one.lower(), one) for one in found]


def naming(people: Iterable[tuple[str, str]], *, on: date, state: str) -> tuple[Exclusion, ...]:
    """The rows that may be one of some people, by name and NPI, and hold on a day for a practice of a state."""
    keys, npis = set[str](), set[str]()
    for name, npi in people:
        keys.add(normalised(name))
        npis.add(npi)
    rows = Excluded.objects.filter(Q(key__in=keys) | Q(npi__in=npis - {""})).order_by("pk")
    found = (Exclusion(*one) for one in rows.values_list(*_COLUMNS))
    return tuple(one for one in found if one.holds_on(on, state))


def words(practice: int) -> dict[tuple[str, str], Word]:
    """What was found out of names of a practice on the list, by name and mark; the last word of each."""
    rows = ExclusionWord.objects.filter(practice_id=practice).order_by("pk")
    return {(row.key, row.mark): Word(row.is_them, row.words, row.recorded_by, row.recorded_at) for row in rows}


def state_of(practice: int, on: date) -> str:
    """The state of a practice; of the MSO itself none, so that no waiver holds."""
    tenant = next(one for one in tenancy.tenants() if one.pk == practice)
    return "" if tenant.is_mso else practices.practice(practice, on=on).state


def matches(*, at: datetime) -> list[Match]:
    """Who of the practices in scope is named on the list today: parties, their families, clinicians."""
    if latest() is None:
        return []
    by_practice: dict[int, list[tuple[str, str, str]]] = {}
    for practice, *person in _people(at):
        by_practice.setdefault(practice, []).append((person[0], person[1], person[2]))
    tenants = {one.pk: one for one in tenancy.tenants_in_scope()}
    return [
        match
        for practice, people in by_practice.items()
        for match in _matches(practice, tenants[practice].name, people, day_in(tenants[practice].zone, at))
    ]


def match(name: str, *, at: datetime) -> Match:
    """One of them; raises `NotFound`."""
    found = next((one for one in matches(at=at) if one.match == name), None)
    if found is None:
        raise NotFound("Nobody of that name is on the list any longer.", field="match")
    return found


def of_person(practice: int, name: str, npi: str, *, on: date) -> list[Match]:
    """What stands on the list of one person or firm of a practice."""
    return list(_matches(practice, "", [(name, npi, "")], on))


def _people(at: datetime) -> Iterator[tuple[int, str, str, str]]:
    """Practice, name, NPI and what they are, of everybody who is screened, and of payees who were stopped for it."""
    for one in register.in_scope():
        if one.ending is None:
            yield one.practice, one.name, one.npi, f"party of {one.title}"
            yield from ((one.practice, each.name, each.npi, f"{each.relation} of {one.name}") for each in one.relatives)
    stopped = PaymentLine.objects.filter(runs.unsettled(), reasons__overlap=_LOOKED_AT).select_related("run")
    yield from (
        (line.practice_id, line.payee, line.npi, f"payee of {line.run.public_id}") for line in stopped.order_by("pk")
    )
    for tenant in tenancy.tenants_in_scope():
        if not tenant.is_mso:
            there = providers.clinicians(tenant.pk, on=day_in(tenant.zone, at))
            yield from ((tenant.pk, each.name, each.npi, "clinician") for each in there)


def _matches(practice: int, called: str, people: Iterable[tuple[str, str, str]], on: date) -> Iterator[Match]:
    people, said, seen = list(people), words(practice), set[str]()
    screen = Screen(naming(((name, npi) for name, npi, _ in people), on=on, state=state_of(practice, on)))
    for name, npi, what in people:
        for row, by_npi in screen.of(name, npi):
            key = hashlib.sha256(f"{practice}|{normalised(name)}|{row.mark}".encode()).hexdigest()[:12]
            if key not in seen:
                seen.add(key)
                word = said.get((normalised(name), row.mark))
                yield Match(key, practice, called, name, npi, what, row, by_npi, word)


def list_row(row: ExclusionList, *, is_new: bool = True) -> ExclusionListRow:
    """A list as it leaves."""
    return ExclusionListRow(
        row.public_id, row.as_of, row.count, row.file_name, row.document, row.recorded_at, row.recorded_by, is_new
    )
