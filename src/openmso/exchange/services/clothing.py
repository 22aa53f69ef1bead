"""The file as its partner gets it: made from the stored one by the partner's settings, and stored too."""

from __future__ import annotations

from datetime import datetime

from edi.x12.output import Unwritable
from openmso.exchange.contracts import Settings
from openmso.exchange.models.partners import Partner
from openmso.exchange.models.transmissions import Transmission
from openmso.exchange.queries.partners import told
from openmso.exchange.rules import dressing
from openmso.exchange.services.doors import NotTaken
from openmso.exchange.services.stepping import PAPER
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.documents import queries as documents
from openmso.platform.documents import services as store
from openmso.platform.documents.contracts import DocumentRef

X12 = "application/edi-x12"


def dress(row: Transmission, *, actor: Actor, at: datetime, under: Decision) -> DocumentRef:
    """Bring the row's `sent_document`, size and digest to what the partner gets; raises `NotTaken` where it cannot be.

    Saves nothing of the row.
    """
    settings = _settings(row.partner)
    made = documents.get(row.document, row.practice_id)
    if settings == Settings() or row.name.endswith(PAPER):
        kept = made
    else:
        try:
            content = dressing.dressed(
                documents.read(row.document, row.practice_id), settings, transaction=row.transaction
            )
        except Unwritable as no:
            raise NotTaken(str(no), fix="Change the separators of the partner.") from None
        kept = store.store(
            actor=actor, practice=row.practice_id, name=row.name, content=content, media_type=X12,
            purpose="exchange.sent", at=at, under=under,
        )  # fmt: skip
        if kept.sha256 != made.sha256:
            store.became(
                document=kept, subject=("exchange.transmission", row.public_id), practice=row.practice_id, at=at
            )
    row.sent_document, row.size, row.sha256 = kept.public_id, kept.size, kept.sha256
    return kept


def _settings(partner: Partner | None) -> Settings:
    return told(partner).settings if partner else Settings()
