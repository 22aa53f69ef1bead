"""Two papers of an agreement side by side: clause by clause, or, where one was made elsewhere, by its words."""

from __future__ import annotations

from dataclasses import dataclass

from openmso.agreements.contracts import Agreement, Draft, Version
from openmso.agreements.paper import scanned, text
from openmso.agreements.paper.text import Beside
from openmso.agreements.queries import paper as texts
from openmso.platform.documents import queries as documents

CLAUSES, WORDS, NOTHING = "clauses", "words", "nothing"
"""By what two papers were compared."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What two papers say otherwise: by clauses, by words of the papers, or by nothing; `note` says what to know."""

    by: str
    changes: tuple[Beside, ...] = ()
    alike: int = 0
    note: str = ""


def compared(found: Agreement, before: Draft | Version | None, after: Draft | Version) -> Compared:
    """The texts of two papers; the first one is beside nothing."""
    if before is None:
        return Compared(NOTHING, note="There is nothing before it to compare with.")
    old, new = texts.of(found, before), texts.of(found, after)
    if old is not None and new is not None:
        beside = text.differences(old.articles, new.articles)
        return Compared(CLAUSES, *_parted(beside))
    ours, theirs = _paragraphs(found, before, old), _paragraphs(found, after, new)
    for number, one in ((before.number, ours), (after.number, theirs)):
        if one.why:
            why = f"Version {number} was signed on a paper that was made elsewhere, and {one.why}."
            return Compared(NOTHING, note=f"{why} Read both papers side by side.")
    beside = text.by_paragraph(ours.paragraphs, theirs.paragraphs)
    made = " and ".join(str(one.number) for one, held in ((before, old), (after, new)) if held is None)
    note = f"Compared by the words of the uploaded paper of version {made}; headers and page numbers count as words."
    return Compared(WORDS, *_parted(beside), note)


def _parted(beside: list[Beside]) -> tuple[tuple[Beside, ...], int]:
    changed = tuple(one for one in beside if one.is_changed)
    return changed, len(beside) - len(changed)


def _paragraphs(found: Agreement, shown: Draft | Version, known: texts.Paper | None) -> scanned.PaperWords:
    """What a paper says, paragraph by paragraph: of its clauses where they are known, else of what was uploaded."""
    if known is not None:
        parts = [part for one in known.articles if not one.is_left_out for part in (one.title, *one.text.split("\n"))]
        return scanned.PaperWords(tuple(said for part in parts if (said := " ".join(part.split()))))
    assert isinstance(shown, Version), "the text of a draft is known"
    return scanned.words_of(documents.read(shown.document, found.practice))
