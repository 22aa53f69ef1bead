"""The papers beside claims: those of one claim's page, and those that its 837 names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from openmso.claims.contracts import AttachmentKind, AttachmentRow, AttachmentWay
from openmso.claims.models.attachments import Attachment
from openmso.claims.rules.sheet import Attached


def of_claim(public_id: str) -> tuple[AttachmentRow, ...]:
    """The papers of a claim that were not withdrawn, in the order of their adding."""
    rows = Attachment.objects.filter(claim__public_id=public_id, withdrawn_at=None).order_by("pk")
    return tuple(
        AttachmentRow(
            row.public_id, row.practice_id, AttachmentKind(row.kind), AttachmentWay(row.way), row.note, row.added_by,
            row.sent_on, row.sent_by,
        )
        for row in rows
    )  # fmt: skip


def attached(claim_ids: Collection[int]) -> dict[int, tuple[Attached, ...]]:
    """What the 837 of each claim says of its papers."""
    found: dict[int, list[Attached]] = defaultdict(list)
    rows = Attachment.objects.filter(claim_id__in=claim_ids, withdrawn_at=None).order_by("pk")
    for claim, kind, way, control in rows.values_list("claim_id", "kind", "way", "public_id"):
        found[claim].append(Attached(kind, way, control))
    return {claim: tuple(papers) for claim, papers in found.items()}
