"""Questions of the open book: grades and their trend, threads and response times, expectations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet

from openmso.agreements.contracts import Hours
from openmso.agreements.queries import agreements, clocks
from openmso.governance import models
from openmso.governance.contracts import TO_MSO
from openmso.governance.contracts.openbook import (
    Domain,
    DomainTold,
    Evidence,
    Expectation,
    Grade,
    Message,
    Response,
    Thread,
    ThreadRow,
)
from openmso.governance.rules import openbook as rules
from openmso.governance.states import E
from openmso.kit.clock import day_in
from openmso.kit.errors import NotFound
from openmso.platform.access.contracts import Side
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.platform.ui.narrowing import by_terms

QUARTERS = 8
"""So many quarters make a trend."""
NOBODY = {"practice": "the MSO", "mso": "the practice"}


def grades(practice: int) -> list[Grade]:
    """The grades of a practice that hold, the latest quarter first."""
    held: dict[tuple[date, str], models.Grade] = {}
    for row in models.Grade.objects.filter(practice_id=practice).select_related("practice").order_by("number"):
        held[row.quarter, row.domain] = row
    told = _graded(held.values())
    return sorted(told, key=lambda one: (one.quarter, one.domain), reverse=True)


def grade(public_id: str) -> Grade:
    """One grade; raises `NotFound`."""
    return _graded([grade_row(public_id)])[0]


def grade_row(public_id: str) -> models.Grade:
    """The row of a grade; raises `NotFound`."""
    found = models.Grade.objects.select_related("practice").filter(public_id=public_id).first()
    if found is None:
        raise NotFound(f"There is no grade {public_id}.", field="grade")
    return found


def domains(practice: int) -> list[DomainTold]:
    """The four domains: the latest grade of each, and its scores over the last quarters."""
    found = grades(practice)
    told = []
    for domain in Domain:
        mine = [one for one in found if one.domain is domain][:QUARTERS]
        told.append(DomainTold(domain, mine[0] if mine else None, tuple(one.score for one in reversed(mine))))
    return told


def _graded(rows: Collection[models.Grade] | Any) -> list[Grade]:
    kept = list(rows)
    answers = {one.grade_id: one for one in models.GradeAnswer.objects.filter(grade__in=kept)}
    return [_grade(row, answers.get(row.pk)) for row in kept]


def _grade(row: models.Grade, answer: models.GradeAnswer | None) -> Grade:
    return Grade(
        row.public_id, row.practice_id, row.practice.public_id, row.practice.name, row.quarter, Domain(row.domain),
        row.score, row.why, tuple(Evidence(one["url"], one["words"]) for one in row.evidence), row.at, row.by,
        answer.words if answer else "", answer.by if answer else "", answer.at if answer else None,
    )  # fmt: skip


# ---- messages -------------------------------------------------------------------------------------------------


def threads(*, filters: Filters, page: PageAsk, account: str) -> Page[ThreadRow]:
    """The threads in scope, those with the latest word first; `account` tells what is unread."""
    rows = models.Thread.objects.all()
    if filters.text:
        within = models.Message.objects.filter(words__icontains=filters.text).values("thread")
        rows = rows.filter(Q(subject__icontains=filters.text) | Q(public_id__iexact=filters.text) | Q(pk__in=within))
    if codes := filters.many("practice"):
        rows = rows.filter(practice_id__in=tenancy.keys_of(codes))
    rows = rows.filter(by_terms(filters, {"latest": "latest_at__date"}))
    order = F({"subject": "subject", "practice_name": "practice__name"}.get(page.sort, "latest_at"))
    shown = rows.select_related("practice").order_by(order.desc() if page.desc else order.asc(), "pk")
    return Page(_threads(shown[page.offset : page.offset + page.size], account), rows.count(), page)


def thread_row(public_id: str, *, lock: bool = False) -> models.Thread:
    """The row of a thread; raises `NotFound`."""
    rows = models.Thread.objects.select_related("practice")
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(f"There is no thread {public_id}.", field="thread")
    return found


def thread(public_id: str, *, account: str) -> Thread:
    """One thread with its messages; raises `NotFound`."""
    row = thread_row(public_id)
    (shown,) = _threads(models.Thread.objects.filter(pk=row.pk).select_related("practice"), account)
    return Thread(shown, row.practice.public_id, tuple(_messages([row])[row.pk]))


def promised(practice: int, on: date) -> Decimal:
    """The working hours within which the MSO answers a message: as the agreement promises, else the house's."""
    version = agreements.in_force(practice, on)
    return clocks.promised(version, "", TO_MSO) or rules.HOURS


def responses(practice: int, *, since: datetime, at: datetime) -> list[Response]:
    """How each side answers the other's messages since an instant, the MSO first."""
    rows = list(models.Thread.objects.filter(practice_id=practice, began_at__gte=since))
    told, zone = list(_messages(rows).values()), tenancy.zone(practice)
    version = agreements.in_force(practice, day_in(zone, at))
    calendar = clocks.calendar_of(zone, version.terms.hours if version else Hours())
    limit = promised(practice, day_in(zone, at))
    return [
        rules.responses(told, side, hours=calendar.between, promised=limit, at=at) for side in (Side.MSO, Side.PRACTICE)
    ]


def _threads(rows: QuerySet[models.Thread], account: str) -> list[ThreadRow]:
    kept = list(rows)
    told = _messages(kept)
    read = set(
        models.MessageRead.objects.filter(account=account, message__thread__in=kept).values_list(
            "message__thread", "message__number"
        )
    )
    mine = set(models.Message.objects.filter(user=account, thread__in=kept).values_list("thread", "number"))
    return [_thread(row, told[row.pk], read | mine) for row in kept]


def _thread(row: models.Thread, messages: Sequence[Message], read: set[tuple[int, int]]) -> ThreadRow:
    waits, latest = rules.waits(messages), messages[-1]
    return ThreadRow(
        row.public_id, row.practice_id, row.practice.name, row.subject, row.began_by, len(messages), latest.at,
        latest.by, NOBODY[waits.side.value] if waits else "", due(row.practice_id, waits.at) if waits else None,
        sum((row.pk, one.number) not in read for one in messages),
    )  # fmt: skip


def due(practice: int, at: datetime) -> datetime:
    """By when a message of an instant is to be answered."""
    zone = tenancy.zone(practice)
    version = agreements.in_force(practice, day_in(zone, at))
    hours = promised(practice, day_in(zone, at))
    return clocks.calendar_of(zone, version.terms.hours if version else Hours()).due(at, hours)


def _messages(rows: Sequence[models.Thread]) -> dict[int, list[Message]]:
    found: dict[int, list[Message]] = {row.pk: [] for row in rows}
    kept = list(models.Message.objects.filter(thread__in=rows).order_by("thread", "number"))
    read: defaultdict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for one in models.MessageRead.objects.filter(message__in=kept).order_by("at"):
        read[one.message_id].append((one.name, one.at))
    for row in kept:
        papers = tuple((key, documents.get(key, row.practice_id).name) for key in row.documents)
        found[row.thread_id].append(
            Message(row.number, Side(row.side), row.by, row.words, row.asks, row.at, papers, tuple(read[row.pk]))
        )
    return found


# ---- what was promised beside the contract --------------------------------------------------------------------


def expectations(*, filters: Filters, page: PageAsk) -> Page[Expectation]:
    """What was promised beside the contracts in scope."""
    rows = models.Expectation.objects.all()
    if filters.text:
        word = filters.text
        rows = rows.filter(
            Q(words__icontains=word) | Q(promised_by__icontains=word) | Q(public_id__iexact=word)
            | Q(practice__name__icontains=word)
        )  # fmt: skip
    if codes := filters.many("practice"):
        rows = rows.filter(practice_id__in=tenancy.keys_of(codes))
    for key, column in (("is", "state"), ("side", "side")):
        if wanted := filters.many(key):
            rows = rows.filter(**{f"{column}__in": wanted})
    rows = rows.filter(by_terms(filters, {"due": "due_on"}))
    order = F(
        {"promised_by": "promised_by", "practice_name": "practice__name", "state": "state"}.get(page.sort, "due_on")
    )
    shown = rows.select_related("practice").order_by(order.desc() if page.desc else order.asc(), "pk")
    return Page([_expectation(one) for one in shown[page.offset : page.offset + page.size]], rows.count(), page)


def expectation_row(public_id: str, *, lock: bool = False) -> models.Expectation:
    """The row of an expectation; raises `NotFound`."""
    rows = models.Expectation.objects.select_related("practice")
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(f"There is no expectation {public_id}.", field="expectation")
    return found


def expectation(public_id: str) -> Expectation:
    """One expectation; raises `NotFound`."""
    return _expectation(expectation_row(public_id))


def standing(practice: int, *, on: date) -> dict[str, int]:
    """How the expectations of a practice stand: kept, not kept, open, and open past their day."""
    rows = models.Expectation.objects.filter(practice_id=practice)
    return {
        "kept": rows.filter(state=E.KEPT).count(), "broken": rows.filter(state=E.BROKEN).count(),
        "open": rows.filter(state=E.OPEN).count(), "overdue": rows.filter(state=E.OPEN, due_on__lt=on).count(),
    }  # fmt: skip


def _expectation(row: models.Expectation) -> Expectation:
    return Expectation(
        row.public_id, row.practice_id, row.practice.public_id, row.practice.name, row.words, Side(row.side),
        row.promised_by, row.promised_on, row.due_on, E(row.state), row.recorded_by, row.recorded_at, row.judged_by,
        row.judged_at, row.why,
    )  # fmt: skip
