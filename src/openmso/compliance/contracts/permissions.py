"""Who may see and keep the register and check payments, what waits, papers and the audit's sentences."""

from __future__ import annotations

from collections.abc import Iterable

from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import MEGABYTE, Purpose
from openmso.platform.work.contracts import FIRST_DUE
from openmso.platform.work.contracts import Kind as WorkKind

READ = Permission("compliance.read", "see the arrangements with referral sources and what was paid under them")
KEEP = Permission("compliance.keep", "keep the register of arrangements with referral sources")
RUN = Permission("compliance.run", "check payments against the register of arrangements")
PERMISSIONS: Iterable[Permission] = (READ, KEEP, RUN)
ARRANGEMENT, LINE, PAYMENT_RUN = "compliance.arrangement", "compliance.payment_line", "compliance.payment_run"
KINDS = (
    WorkKind(LINE, "Payment that was stopped", KEEP.code, url="compliance:line", ranked=FIRST_DUE),
    WorkKind(ARRANGEMENT, "Arrangement that runs out", KEEP.code, url="compliance:arrangement", ranked=FIRST_DUE),
)
PAPER = Purpose("compliance.paper", "Paper of an arrangement", permission=READ.code)
PAYMENTS = Purpose("compliance.payments", "Payment run", permission=READ.code, bytes_max=5 * MEGABYTE)
SHEET = Purpose("compliance.sheet", "Arrangements to be entered", permission=KEEP.code, bytes_max=5 * MEGABYTE)
PURPOSES: Iterable[Purpose] = (PAPER, PAYMENTS, SHEET)
SENTENCES = {
    "compliance.registered": "{actor} registered {subject}: {title} ({kind}) with {party}",
    "compliance.entered": "{actor} entered {count:arrangement} from {subject}; {known} were there, {bad} are bad",
    "compliance.related": "{actor} named {name} as {relation} of the party of {subject}",
    "compliance.terms_written": "{actor} wrote term {number} of {subject}",
    "compliance.signed": "{actor} recorded that {side} signed term {number} of {subject}",
    "compliance.opined": "{actor} filed an opinion of value with {subject}: {appraiser}, until {expires_on}",
    "compliance.activated": "{actor} activated term {number} of {subject}",
    "compliance.ended": "{actor} ended {subject} as of {ends_on}",
    "compliance.answered": "{actor} answered {element} of {subject}: {said}",
    "compliance.run": "{actor} checked {count:payment} in {subject}; {stopped} stopped",
    "compliance.settled": "{actor} settled the stopped payment {subject}",
}
