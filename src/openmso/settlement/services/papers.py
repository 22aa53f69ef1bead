"""The papers that somebody brings along with what they say, stored like every file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.documents import services as documents
from openmso.settlement.contracts import Paper


def keep(
    papers: Sequence[Paper], *, practice: int, subject: tuple[str, str], purpose: str, actor: Actor, at: datetime,
    under: Decision,
) -> list[str]:  # fmt: skip
    """Store papers of a practice as what shows a subject; their public ids, in their order."""
    kept = []
    for paper in papers:
        stored = documents.store(
            actor=actor, practice=practice, name=paper.name, content=paper.content, media_type=paper.media_type,
            purpose=purpose, at=at, under=under,
        )  # fmt: skip
        documents.became(document=stored.public_id, subject=subject, practice=practice, at=at)
        kept.append(stored.public_id)
    return kept
