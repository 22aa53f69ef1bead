"""Questions to the trail: the history of one thing, the events of the practices in scope, whether it stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q, QuerySet

from openmso.kit.errors import Refused
from openmso.platform.access.contracts import ActorKind
from openmso.platform.audit import registry, verifier
from openmso.platform.audit.contracts import EventFilters, EventRow, ReadRow, Subject
from openmso.platform.audit.models import Event, Read
from openmso.platform.tenancy.scope import current
from openmso.platform.ui import counting
from openmso.platform.ui.contracts import Page, PageAsk, Tally

HISTORY_MAX = 200
SORTS = {"at": "at", "actor": "actor_name", "action": "action", "subject": "subject_id", "seq": "seq"}

COMMAND = "openmso "
"""How commands of this house are named where they act; what one sets off is named after it."""


class BadHeads(Refused):
    """The file of heads cannot be used."""

    code = "bad_heads"


def history(subject: Subject, *, practice: int | None = None, limit: int = HISTORY_MAX) -> list[EventRow]:
    """What happened to one thing, newest first, at most `limit` events."""
    events = Event.objects.filter(subject_kind=subject[0], subject_id=subject[1])
    if practice is not None:
        events = events.filter(practice_id=practice)
    return [_row(event) for event in events.select_related("practice").order_by("-seq")[:limit]]


def is_told(action: str, *, practice: int, subject: Subject, facts: Mapping[str, Any]) -> bool:
    """Whether the trail of a practice tells that this happened to this, with these facts among others."""
    kind, public_id = subject
    found = Event.objects.filter(practice_id=practice, subject_kind=kind, subject_id=public_id, action=action)
    return found.filter(facts__contains=dict(facts)).exists()


def reads(subject: Subject, *, limit: int = HISTORY_MAX) -> list[ReadRow]:
    """Who read one thing's patient data, newest first."""
    found = Read.objects.filter(subject_kind=subject[0], subject_id=subject[1]).order_by("-at")[:limit]
    return [
        ReadRow(read.at, read.actor_name, read.subject_kind, read.subject_id,
                tuple(read.classes.split(",")), read.count, read.grant)
        for read in found
    ]  # fmt: skip


def events(*, filters: EventFilters, page: PageAsk) -> Page[EventRow]:
    """A page of the events of the practices in scope; newest first unless sorted otherwise."""
    found = _filtered(filters)
    order = SORTS.get(page.sort, "at")
    signed_order = order if page.sort and not page.desc else f"-{order}"
    rows = found.select_related("practice").order_by(signed_order, "-pk")[page.offset : page.offset + page.size]
    return counting.page_of([_row(event) for event in rows], found, page, lambda: Tally(found.count()))


def tally(*, filters: EventFilters) -> Tally:
    """How many events the filters find."""
    return Tally(_filtered(filters).count())


def counted(*, action: str, kind: str, subjects: Collection[str]) -> dict[str, int]:
    """How many events of an action the trail has of some subjects of a kind; those without any are not named."""
    found = Event.objects.filter(action=action, subject_kind=kind, subject_id__in=subjects)
    return dict(found.order_by().values_list("subject_id").annotate(n=Count("pk")))


def actions() -> list[tuple[str, str]]:
    """The actions that can be filtered by, with their words."""
    return [(action, action.replace(".", ": ").replace("_", " ")) for action in sorted(registry.actions())]


def ungranted(*, house: Collection[str] = ()) -> int:
    """How many events name no grant though their action asks for one.

    `house` names the system's acts of setting up. Whoever types a command on the machine itself has nobody's grant.
    """
    found = Event.objects.filter(grant="").exclude(action__in=registry.ungranted())
    needs_none = Q(actor_name__in=house) | Q(actor_name__contains=COMMAND)
    return found.exclude(needs_none, actor_kind=ActorKind.SYSTEM).count()


def verify(*, practice: int | None = None, heads: Path | None = None, outside: bool = False) -> verifier.Report:
    """Whether the trail of the practices in scope, or of one of them, stands, also against exported heads."""
    try:
        lines = heads.read_text(encoding="utf-8").splitlines() if heads else []
        kept = verifier.read_heads(lines, key=verifier.public_key(settings.AUDIT_KEY))
    except (OSError, ValueError) as no:
        raise BadHeads(str(no), field="heads", fix="Give the file that `openmso audit heads` wrote.") from no
    with connection.cursor() as cursor:
        wanted = sorted(current().practices if practice is None else current().practices & {practice})
        return verifier.check(cursor, wanted, heads=kept, outside=outside)


def _filtered(asked: EventFilters) -> QuerySet[Event]:
    exact: dict[str, Any] = {
        "action": asked.action, "subject_kind": asked.subject_kind, "subject_id": asked.subject_id,
        "practice_id": asked.practice, "at__gte": asked.since, "at__lt": asked.until,
    }  # fmt: skip
    found = Event.objects.filter(**{name: value for name, value in exact.items() if value not in ("", None)})
    if asked.actor:
        found = found.filter(actor_name__icontains=asked.actor)
    for word in asked.text.split():
        found = found.filter(
            Q(subject_id__iexact=word)
            | Q(actor_name__icontains=word)
            | Q(action__icontains=word)
            | Q(why__icontains=word)
        )
    return found


def _row(event: Event) -> EventRow:
    told = registry.tell(event.action, actor=event.actor_name, subject=event.subject_id, facts=event.facts)
    return EventRow(
        practice=event.practice_id, practice_name=event.practice.name, seq=event.seq, at=event.at,
        recorded_at=event.recorded_at,
        actor=event.actor_name, actor_kind=event.actor_kind, action=event.action, sentence=told,
        subject_kind=event.subject_kind, subject_id=event.subject_id, why=event.why, grant=event.grant,
        permission=event.permission, session=event.session, request=event.request, facts=event.facts,
        hash=bytes(event.hash).hex(),
    )  # fmt: skip
