"""Questions about initiatives: the catalogue, and who takes part on a day. What uses one asks here first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from openmso.agreements.initiatives import catalogue
from openmso.agreements.initiatives.contracts import Choice, Initiative, InitiativeRow, TakesPart
from openmso.agreements.models.initiatives import InitiativeChoice, InitiativeVersion
from openmso.agreements.queries import agreements
from openmso.kit.errors import NotFound
from openmso.platform.tenancy.queries import TenantRow, tenants_in_scope
from openmso.platform.ui.contracts import Filters, Page, PageAsk

BENCHMARKING = "benchmarking"
"""The initiative by which key figures of practices are compared."""
SORTS = ("practice_name", "words", "part", "since")


@dataclass(frozen=True, slots=True)
class InitiativeWritten:
    """A version of an initiative; none where it was withdrawn."""

    initiative: Initiative | None
    number: int
    why: str
    at: datetime | None
    by: str


def known() -> list[Initiative]:
    """The initiatives as they are written now, by their words."""
    held = {one.code: one for one in catalogue.of_the_house()}
    for row in InitiativeVersion.objects.order_by("number"):
        held.pop(row.code, None)
        if not row.withdrawn:
            held[row.code] = catalogue.initiative_of(row.body, number=row.number)
    return sorted(held.values(), key=lambda one: one.words)


def initiative(code: str) -> Initiative:
    """The initiative of a code as it is written now; raises `NotFound`."""
    found = next((one for one in known() if one.code == code), None)
    if found is None:
        raise NotFound(f"There is no initiative {code}.", field="code")
    return found


def versions(code: str) -> list[InitiativeWritten]:
    """The versions of an initiative, the latest first; raises `NotFound` for a code that never was one."""
    made = [
        InitiativeWritten(
            None if row.withdrawn else catalogue.initiative_of(row.body, number=row.number), row.number, row.why,
            row.at, row.by,
        )
        for row in InitiativeVersion.objects.filter(code=code).order_by("-number")
    ]  # fmt: skip
    ours = [one for one in catalogue.of_the_house() if one.code == code]
    made += [InitiativeWritten(one, 0, "comes with OpenMSO", None, "") for one in ours]
    if not made:
        raise NotFound(f"There is no initiative {code}.", field="code")
    return made


def ever(code: str) -> list[Initiative]:
    """Everything that an initiative ever was; nothing for a code that never was one."""
    kept = InitiativeVersion.objects.filter(code=code, withdrawn=False).order_by("number")
    made = [one for one in catalogue.of_the_house() if one.code == code]
    return [*made, *(catalogue.initiative_of(row.body, number=row.number) for row in kept)]


def choices(practice: int, code: str) -> list[Choice]:
    """What a practice said to an initiative, in the order in which it said it."""
    return _choices([practice])[practice, code]


def holding(practice: int, code: str) -> list[Choice]:
    """The same without what it said before the initiative was withdrawn."""
    return _choices([practice], holding=True)[practice, code]


def takes_part(practice: int, code: str, *, on: date) -> bool:
    """Whether a practice takes part in an initiative on a day: its own yes, under an agreement in force."""
    return practice in taking_part(code, among=[practice], on=on)


def taking_part(code: str, *, among: Collection[int], on: date) -> set[int]:
    """Of some practices in scope those that take part; none of an initiative that was withdrawn."""
    if all(one.code != code for one in known()):
        return set()
    said = _choices(among, holding=True)
    joined = [practice for practice in among if catalogue.part(said[practice, code], on) is TakesPart.IN]
    return {one.practice for one in agreements.of(*joined) if one.version_on(on) is not None}


def listing(*, filters: Filters, page: PageAsk, on: date) -> Page[InitiativeRow]:
    """Every initiative for every practice in scope, as it stands on a day."""
    rows = [row for row in rows_of(on=on) if _fits(row, filters)]
    key = page.sort if page.sort in SORTS else "practice_name"
    rows.sort(key=lambda row: (str(getattr(row, key) or date.max), row.practice_name, row.words), reverse=page.desc)
    return Page(rows[page.offset : page.offset + page.size], len(rows), page)


def rows_of(*, on: date) -> list[InitiativeRow]:
    """The same as lines, unsorted."""
    mine = [one for one in tenants_in_scope() if not one.is_mso]
    said = _choices([one.pk for one in mine], holding=True)
    return [_row(tenant, one, said[tenant.pk, one.code], on) for tenant in mine for one in known()]


def _row(tenant: TenantRow, one: Initiative, said: list[Choice], on: date) -> InitiativeRow:
    held = catalogue.on_day(said, on)
    last = said[-1] if said and held is None else held
    return InitiativeRow(
        f"{tenant.public_id}.{one.code}", tenant.public_id, tenant.name, tenant.code, one.code, one.words, one.says,
        one.uses, catalogue.part(said, on), last.from_on if last else None, last.by if last else "",
    )  # fmt: skip


def _fits(row: InitiativeRow, filters: Filters) -> bool:
    chosen = (("is", row.part.value), ("initiative", row.code), ("practice", row.practice_code.lower()))
    if any(filters.many(key) and value not in filters.many(key) for key, value in chosen):
        return False
    words = filters.text.lower()
    return not words or words in f"{row.practice_name} {row.practice_code} {row.words} {row.says}".lower()


def _choices(practices: Iterable[int], *, holding: bool = False) -> dict[tuple[int, str], list[Choice]]:
    """What practices said; `holding` leaves out what they said before an initiative was withdrawn."""
    held: dict[tuple[int, str], list[Choice]] = defaultdict(list)
    ended = _ended() if holding else {}
    for row in InitiativeChoice.objects.filter(practice_id__in=list(practices)).order_by("pk"):
        if row.initiative in ended and row.at <= ended[row.initiative]:
            continue
        held[row.practice_id, row.initiative].append(
            Choice(row.initiative, row.joins, row.from_on, row.why, row.at, row.by)
        )
    return held


def _ended() -> dict[str, datetime]:
    """When an initiative was withdrawn last, by code: what was said before does not hold when it is brought back."""
    rows = InitiativeVersion.objects.filter(withdrawn=True).order_by("number")
    return {row.code: row.at for row in rows}
