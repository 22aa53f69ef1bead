"""Questions: what is reserved to a practice on a day, what was proposed, what became of it, and how it decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from openmso.agreements.queries import reserved as lists
from openmso.governance import registry as subjects
from openmso.governance import rules
from openmso.governance.contracts import (
    SUBJECT,
    ActDone,
    Autonomy,
    PracticeRow,
    Proposal,
    Reserved,
    Source,
    Step,
)
from openmso.governance.models import Proposal as Row
from openmso.governance.models import ProposalStep, ReservedAct
from openmso.governance.rules import interests as interest_rules
from openmso.governance.states import AGREED, DECIDED, S
from openmso.kit.clock import day_in
from openmso.kit.errors import NotFound
from openmso.kit.periods import DayRange, Month
from openmso.platform.access import queries as access
from openmso.platform.access import registry
from openmso.platform.access.contracts import Side
from openmso.platform.access.reserved import Asked
from openmso.platform.audit import queries as audit
from openmso.platform.identity import queries as identity
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.platform.ui.narrowing import by_terms

HOUSE = "house"
DECISIONS: Mapping[str, str] = {**lists.DECISIONS, **rules.FURTHER}
"""Everything that may be proposed, by its code, in words."""
_ORDERS = {
    "practice_name": "practice__name", "title": "title", "decision": "decision", "state": "state",
    "proposed_at": "proposed_at", "due_at": "due_at", "proposed_by": "proposed_by",
}  # fmt: skip


def reserved(practice: int, *, on: date) -> list[Reserved]:
    """The decisions that are the practice's own on a day, each with what makes it so."""
    return _reserved(lists.on_day(practice, on)[0])


def _reserved(by: Iterable[lists.ReservedBy]) -> list[Reserved]:
    sources: dict[str, list[Source]] = defaultdict(list)
    for one in by:
        sources[one.code].append(Source(one.kind, one.name, one.words, one.citation))
    for code in DECISIONS:
        if code not in rules.SOFT:
            sources[code].append(Source(HOUSE, "", "Stays with every practice", rules.FURTHER_CITED))
    return [
        Reserved(code, words, rules.mso_prepares(code), tuple(sources[code]))
        for code, words in DECISIONS.items()
        if code in sources
    ]


def not_known(practice: int, *, on: date) -> list[lists.NotKnown]:
    """The rules of law that would reserve more, but ask what nobody has said of the practice yet."""
    return lists.on_day(practice, on)[1]


def proposal(public_id: str) -> Proposal:
    """One proposal with its steps; raises `NotFound`."""
    found = _told(Row.objects.filter(public_id=public_id))
    if not found:
        raise NotFound(f"There is no proposal {public_id}.", field="proposal")
    return found[0]


def listing(*, filters: Filters, page: PageAsk, practice: int | None = None) -> Page[Proposal]:
    """The proposals in scope (of a practice)."""
    rows = Row.objects.all() if practice is None else Row.objects.filter(practice_id=practice)
    if filters.text:
        word = filters.text
        rows = rows.filter(
            Q(title__icontains=word) | Q(public_id__iexact=word) | Q(proposed__icontains=word)
            | Q(proposed_by__icontains=word) | Q(practice__name__icontains=word)
        )  # fmt: skip
    if codes := filters.many("practice"):
        rows = rows.filter(practice_id__in=tenancy.keys_of(codes))
    for key, column in (("is", "state"), ("decision", "decision"), ("side", "side")):
        if wanted := filters.many(key):
            rows = rows.filter(**{f"{column}__in": [one.upper() if key == "decision" else one for one in wanted]})
    if outcomes := filters.many("outcome"):
        held = ProposalStep.objects.filter(proposal=OuterRef("pk"), to_state__in=sorted(DECIDED)).order_by("-number")
        rows = rows.annotate(outcome=Subquery(held.values("to_state")[:1])).filter(outcome__in=outcomes)
    rows = rows.filter(by_terms(filters, {"due": "due_at__date", "proposed": "proposed_at__date"}))
    order = F(_ORDERS.get(page.sort, "proposed_at"))
    rows = rows.order_by(order.desc() if page.desc else order.asc(), "-proposed_at", "pk")
    return Page(_told(rows[page.offset : page.offset + page.size]), rows.count(), page)


def of_practice(practice: int, *, most: int) -> list[Proposal]:
    """The latest proposals of a practice, those that wait first."""
    rows = Row.objects.filter(practice_id=practice)
    waiting = _told(rows.filter(state=S.WAITING).order_by("due_at", "pk")[:most])
    others = rows.exclude(state=S.WAITING).order_by("-proposed_at", "pk")
    return waiting + _told(others[: most - len(waiting)])


def autonomy(practice: int, *, days: DayRange, at: datetime) -> Autonomy:
    """How a practice decided what the MSO proposed to it within some days, as it stands at an instant."""
    return autonomies([practice], days=days, at=at)[practice]


def autonomies(practices: Collection[int], *, days: DayRange, at: datetime) -> dict[int, Autonomy]:
    """The same of several practices, each by the days of its own clock."""
    zones = {one.pk: ZoneInfo(one.zone) for one in tenancy.tenants() if one.pk in practices}
    within, done = Q(pk=None), Q(pk=None)
    for practice, zone in zones.items():
        within |= Q(practice=practice) & _within(days, zone, "proposed_at")
        done |= Q(practice=practice) & _within(days, zone, "at")
    did = acts(practices, within=done)
    found: dict[int, list[Proposal]] = {practice: [] for practice in practices}
    for one in _told(Row.objects.filter(within)):
        found[one.practice].append(one)
    every = [one for each in found.values() for one in each]
    deciders = {step.user for one in every for step in one.decisions} | {one.user for of in did.values() for one in of}
    of_mso = _of_mso(deciders - {""})
    known = audit.counted(action="governance.decided", kind=SUBJECT, subjects={one.public_id for one in every})
    return {
        practice: rules.autonomy(
            mine, at=at, of_mso=of_mso, acts=did[practice],
            untold=sum(max(0, len(one.decisions) - known.get(one.public_id, 0)) for one in mine),
        )
        for practice, mine in found.items()
    }  # fmt: skip


def stands_behind(asked: Asked) -> Row | None:
    """The approved proposal that an act uses up, locked: of its decision, not carried out, about nobody else.

    One that names whom the act is about comes first, then the oldest.
    """
    whom = interest_rules.key_of(asked.party)
    rows = Row.objects.select_for_update().filter(
        practice_id=asked.practice, decision=asked.act.decision, state__in=sorted(AGREED)
    ).order_by("proposed_at", "pk")  # fmt: skip
    found = [row for row in rows if not (row.party and whom and interest_rules.key_of(row.party) != whom)]
    return min(found, key=lambda row: _speaks_of(row, asked), default=None)


def _speaks_of(row: Row, asked: Asked) -> int:
    if row.party and asked.party:
        return 0
    return 1 if asked.party and asked.party.casefold() in f"{row.title} {row.proposed}".casefold() else 2


def acts(practices: Collection[int], *, within: Q | None = None) -> dict[int, list[ActDone]]:
    """The acts that carried out what is reserved to some practices, the latest first."""
    found: dict[int, list[ActDone]] = {practice: [] for practice in practices}
    rows = ReservedAct.objects.filter(within if within is not None else Q(), practice__in=list(practices))
    for row in rows.select_related("user", "proposal").order_by("-at", "-pk"):
        found[row.practice_id].append(
            ActDone(
                row.practice_id, row.act, row.decision, row.subject_kind, row.subject_id,
                subjects.url_of(row.subject_kind, row.subject_id), row.words, row.at, row.by,
                row.user.public_id if row.user else "", row.role, row.proposal.public_id if row.proposal else "",
            )
        )  # fmt: skip
    return found


def practices(*, filters: Filters, page: PageAsk, days: DayRange, at: datetime) -> Page[PracticeRow]:
    """The practices of the scope, with what is reserved to each and how it decides; only the page's are counted."""
    word = filters.text.lower()
    found = [
        one for one in tenancy.tenants_in_scope() if not one.is_mso and word in f"{one.name} {one.code}".lower()
    ]  # fmt: skip
    found.sort(key=lambda one: one.name, reverse=page.desc)
    shown = found[page.offset : page.offset + page.size]
    keys = {one.pk: day_in(one.zone, at) for one in shown}
    told, held = autonomies(keys, days=days, at=at), lists.on_days(keys)
    rows = [
        PracticeRow(one.pk, one.public_id, one.code, one.name, len(_reserved(held[one.pk][0])), told[one.pk])
        for one in shown
    ]
    return Page(rows, len(found), page)


def _within(days: DayRange, zone: ZoneInfo, column: str) -> Q:
    """What happened, by an instant of it, within some days of a clock."""

    def begins(day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=zone)

    since = Q((f"{column}__gte", begins(days.starts_on)))
    return since & Q((f"{column}__lt", begins(days.ends_on))) if days.ends_on else since


def _of_mso(accounts: Collection[str]) -> set[str]:
    """Those of some accounts that hold, or held, a role of the MSO anywhere in scope."""
    keys = identity.keys(accounts)
    roles = registry.roles()
    return {
        keys[one.user_id]
        for one in access.assignments(list(keys))
        if one.role in roles and roles[one.role].side is Side.MSO
    }


def _told(rows: QuerySet[Row]) -> list[Proposal]:
    kept = list(rows.select_related("practice"))
    steps: dict[int, list[Step]] = defaultdict(list)
    for row in ProposalStep.objects.filter(proposal__in=kept).select_related("user").order_by("number"):
        steps[row.proposal_id].append(
            Step(
                row.number, S(row.to_state), row.at, row.by, row.user.public_id if row.user else "", row.role, row.why,
                row.changes,
            )
        )  # fmt: skip
    return [
        Proposal(
            row.public_id, row.practice_id, row.practice.public_id, row.practice.code, row.practice.name, row.decision,
            DECISIONS.get(row.decision, row.decision), row.title, row.proposed, row.analysis, row.document,
            Side(row.side), S(row.state), row.proposed_at, row.proposed_by, row.user, row.due_at,
            tuple(steps[row.pk]), row.party,
        )
        for row in kept
    ]  # fmt: skip


def months(*, back: int, on: date) -> DayRange:
    """The month of a day up to and with it, and so many months before."""
    return DayRange(Month.of(on).plus(-back).first, on + timedelta(days=1))
