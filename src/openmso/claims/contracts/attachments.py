"""What goes beside a claim."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openmso.platform.ui.contracts import Status


class AttachmentKind(Status):
    """What goes beside a claim (PWK01), in our own words."""

    RECORD = "M1", "Medical record"
    OPERATIVE = "OB", "Operative note"
    RADIOLOGY = "RR", "Radiology report"
    LABORATORY = "LA", "Laboratory results"
    PATHOLOGY = "P4", "Pathology report"
    THERAPY = "PN", "Physical therapy notes"
    PLAN = "08", "Plan of treatment"
    REFERRAL = "B4", "Referral"
    CERTIFICATE = "CT", "Certificate"
    DIAGNOSTIC = "DG", "Diagnostic report"
    REMITTANCE = "EB", "Explanation of benefits"
    PHOTOGRAPHS = "XP", "Photographs"
    OTHER = "OZ", "Other support"


class AttachmentWay(Status):
    """How it goes (PWK02), in our own words."""

    ELECTRONIC = "EL", "Electronically"
    FAX = "FX", "By fax"
    MAIL = "BM", "By mail"
    E_MAIL = "EM", "By e-mail"
    FILE = "FT", "By file transfer"
    AT_HAND = "AA", "Kept until asked for"


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """An attachment of a claim, as its page shows it."""

    control: str
    """PWK06: the number that the claim and the paper both bear."""
    practice: int
    kind: AttachmentKind
    way: AttachmentWay
    note: str
    added_by: str
    sent_on: date | None
    sent_by: str

    @property
    def waits(self) -> bool:
        """Whether somebody must send it."""
        return self.sent_on is None and self.way is not AttachmentWay.AT_HAND
