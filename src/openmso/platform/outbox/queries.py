"""Questions to the outbox: dead letters, and how far behind it is."""

from __future__ import annotations

import json
from datetime import datetime

from django.db.models import Min, Q

from openmso.platform.outbox.contracts import Letter
from openmso.platform.outbox.models import Delivery
from openmso.platform.outbox.states import Delivering
from openmso.platform.ui.contracts import Page, PageAsk

SORTS = {"failed_at": "failed_at", "fact": "fact__name", "subscriber": "subscriber", "tries": "tries"}


def dead_letters(*, page: PageAsk, text: str = "") -> Page[Letter]:
    """The dead letters of the practices in scope, newest failure first."""
    found = Delivery.objects.filter(state=Delivering.DEAD).select_related("fact", "practice")
    for word in text.split():
        found = found.filter(
            Q(subscriber__icontains=word) | Q(fact__name__icontains=word) | Q(reason__icontains=word)
            | Q(public_id__iexact=word)
        )  # fmt: skip
    order = SORTS.get(page.sort, "failed_at")
    ordered = found.order_by(order if page.sort and not page.desc else f"-{order}", "-pk")
    rows = [_letter(delivery) for delivery in ordered[page.offset : page.offset + page.size]]
    return Page(rows, found.count(), page)


def waiting_count() -> int:
    """How many deliveries of the practices in scope wait."""
    return Delivery.objects.filter(state=Delivering.WAITING).count()


def oldest_waiting_at() -> datetime | None:
    """When the fact was told that has waited longest, in the practices in scope."""
    return Delivery.objects.filter(state=Delivering.WAITING).aggregate(at=Min("fact__at"))["at"]


def _letter(delivery: Delivery) -> Letter:
    return Letter(
        public_id=delivery.public_id, practice=delivery.practice_id, practice_name=delivery.practice.name,
        fact=delivery.fact.name,
        subscriber=delivery.subscriber, state=Delivering(delivery.state), reason=delivery.reason,
        tries=delivery.tries, at=delivery.fact.at, failed_at=delivery.failed_at,
        payload=json.dumps(delivery.fact.payload),
    )  # fmt: skip
