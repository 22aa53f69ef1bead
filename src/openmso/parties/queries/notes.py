"""Questions about notes: what is to be known of a payer, of a practice, and where both meet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from openmso.kit.errors import NotFound
from openmso.parties.contracts import Note
from openmso.parties.models.notes import PayerNote, PracticeNote
from openmso.parties.models.payers import Payer
from openmso.platform.tenancy.queries import tenants_in_scope


def of_payer(payer: str, *, on: date) -> list[Note]:
    """What holds on a day of a payer: for every practice, then for each practice in scope; the latest first."""
    everywhere = PayerNote.objects.filter(_holds(on), payer__public_id=payer).select_related("payer")
    here = PracticeNote.objects.filter(_holds(on), payer__public_id=payer).select_related("payer")
    return [*_told(everywhere.order_by("-pk")), *_told(here.order_by("-pk"))]


def of_practice(practice: int, *, on: date) -> list[Note]:
    """What holds on a day of a practice, with what is said of payers there alone; the latest first."""
    rows = PracticeNote.objects.filter(_holds(on), practice_id=practice).select_related("payer")
    return _told(rows.order_by("-pk"))


def about(*, practice: int, on: date, payer_id: int | None = None, payer: str = "") -> list[Note]:
    """What is to be known while one works on something of a practice with a payer, by its key or by its name."""
    asked = {"payer_id": payer_id} if payer_id else {"payer__name": payer}
    rows = PracticeNote.objects.filter(_holds(on), Q(payer=None) | Q(**asked), practice_id=practice)
    everywhere = PayerNote.objects.filter(_holds(on), **asked) if payer_id or payer else PayerNote.objects.none()
    return [
        *_told(everywhere.select_related("payer").order_by("-pk")),
        *_told(rows.select_related("payer").order_by("-pk")),
    ]


def note(public_id: str) -> Note:
    """One note, ended or not; raises `NotFound`."""
    model = PayerNote if public_id.startswith("NTP") else PracticeNote
    found = _told(model.objects.filter(public_id=public_id).select_related("payer"))
    if not found:
        raise NotFound(f"There is no note {public_id}.")
    return found[0]


def _holds(on: date) -> Q:
    return Q(ended_at=None) & (Q(until=None) | Q(until__gte=on))


def _told(rows: Iterable[PayerNote | PracticeNote]) -> list[Note]:
    held = list(rows)
    names = {one.pk: one.name for one in tenants_in_scope()} if any(isinstance(r, PracticeNote) for r in held) else {}
    return [_note(row, names) for row in held]


def _note(row: PayerNote | PracticeNote, names: dict[int, str]) -> Note:
    payer: Payer | None = row.payer
    practice = row.practice_id if isinstance(row, PracticeNote) else None
    return Note(
        row.public_id, row.words, practice, names.get(practice, "") if practice else "Every practice",
        payer.public_id if payer else "", payer.name if payer else "", row.until, row.written_at, row.written_by,
        row.ended_at,
    )  # fmt: skip
