"""Whose a legal entity is: a practice's own, whose shares nobody else decides, or a venture with others."""

from __future__ import annotations

from datetime import date

from openmso.agreements.queries import agreements
from openmso.parties.contracts import EntityForm, LegalEntity
from openmso.parties.queries import practices

PROFESSIONAL = frozenset({EntityForm.PC, EntityForm.PLLC, EntityForm.PARTNERSHIP, EntityForm.SOLE})
"""The forms in which licensees own what treats patients."""


def is_the_practices(entity: LegalEntity, *, on: date) -> bool:
    """Whether an entity is a practice's own: a professional one, or the one that its agreement is with."""
    if any(one.id == entity.practice for one in practices.msos()):
        return False
    version = agreements.in_force(entity.practice, on)
    return entity.form in PROFESSIONAL or (version is not None and version.terms.practice.entity == entity.id)
