"""Data classes: how protected each field is; screens, API, exports, sort and filters obey it.

Every model names the class of each of its own fields (`classified = classify(...)`); keys, public ids and
bookkeeping columns are structural and need no naming. The classes follow 45 CFR 164.502(b) (minimum necessary).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class DataClass(StrEnum):
    """The eight classes, from what anybody may read to what only named officers may."""

    PUBLIC = "public"  # F0: practice name, NPI
    BUSINESS = "business"  # F1: invoices, vendors, ledger
    PERSONNEL = "personnel"  # F2: pay rate, review
    IDENTITY_SECRET = "identity_secret"  # F3: SSN, bank account: masked, revealed with a reason
    DEMOGRAPHIC = "demographic"  # F4: PHI: name, birth date, insurance id
    CLINICAL = "clinical"  # F5: PHI: codes, dates and notes attached to a claim
    PROTECTED = "protected"  # F6: PHI with extra law: psychotherapy notes, 42 CFR Part 2
    LEGAL = "legal"  # F7: hotline, peer review, privileged


PHI = frozenset({DataClass.DEMOGRAPHIC, DataClass.CLINICAL, DataClass.PROTECTED})
"""Protected health information (45 CFR 160.103): no business associate agreement, no grant."""


def classify(**by_class: str) -> Mapping[str, DataClass]:
    """A model's map from field name to class: `classify(demographic="first_name last_name", business="status")`."""
    fields = [(field, DataClass(name)) for name, listed in by_class.items() for field in listed.split()]
    named = dict(fields)
    if len(named) != len(fields):
        raise ValueError("a field stands in two classes")
    return named
